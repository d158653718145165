/**
 * The Generic Interrupt Controller's registers as values, shared by the drivers and the models.
 * Depends on {@code ristretto.lang} only. IHI 0048 is GICv2, IHI 0069 is GICv3 and GICv4.
 */
@NullMarked
package ristretto.arch.gic;

import org.jspecify.annotations.NullMarked;
