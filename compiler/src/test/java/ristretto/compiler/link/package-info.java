/** Tests of the back end with hand-written C files. */
@NullMarked
package ristretto.compiler.link;

import org.jspecify.annotations.NullMarked;
