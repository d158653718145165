/** Reading what {@code xentrace} has recorded, and showing it. */
@NullMarked
package ristretto.tools.trace;

import org.jspecify.annotations.NullMarked;
