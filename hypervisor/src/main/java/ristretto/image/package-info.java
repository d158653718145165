/** Entry points, and the one place that constructs things: the boot order. */
@NullMarked
package ristretto.image;

import org.jspecify.annotations.NullMarked;
