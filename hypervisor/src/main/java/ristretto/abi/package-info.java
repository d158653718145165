/**
 * Xen's public interface: numbers, errors and struct layouts, as {@code xen/include/public} (MIT
 * licensed) declares them. A layout is an unboxed view over hypervisor memory with its offsets in C
 * order; each is tested against {@code offsetof} of the real header.
 */
@NullMarked
package ristretto.abi;

import org.jspecify.annotations.NullMarked;
