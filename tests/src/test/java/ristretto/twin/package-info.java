/** Runs the twins in both lives and compares. */
@NullMarked
package ristretto.twin;

import org.jspecify.annotations.NullMarked;
