/** Instruction counts of our hypervisor beside Debian's Xen, on the same QEMU. */
@NullMarked
package ristretto.tools.bench;

import org.jspecify.annotations.NullMarked;
