/** The language of the image: annotations that the compiler checks, and bit fields. */
@NullMarked
package ristretto.lang;

import org.jspecify.annotations.NullMarked;
