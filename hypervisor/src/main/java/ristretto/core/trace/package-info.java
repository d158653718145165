/** Recording what happens, for {@code xentrace}. */
@NullMarked
package ristretto.core.trace;

import org.jspecify.annotations.NullMarked;
