/** Tests of what is made of recordings. */
@NullMarked
package ristretto.tools.trace;

import org.jspecify.annotations.NullMarked;
