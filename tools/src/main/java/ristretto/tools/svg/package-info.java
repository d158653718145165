/** Pictures. */
@NullMarked
package ristretto.tools.svg;

import org.jspecify.annotations.NullMarked;
