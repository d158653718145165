/** Memory: frames, EL2's own map, stage 2, copies from and to guests. */
@NullMarked
package ristretto.core.mm;

import org.jspecify.annotations.NullMarked;
