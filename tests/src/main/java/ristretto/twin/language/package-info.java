/** Twins for the Java language: one class per area. */
@NullMarked
package ristretto.twin.language;

import org.jspecify.annotations.NullMarked;
