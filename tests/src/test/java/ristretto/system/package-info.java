/** Whole systems: Debian's Linux as Dom0 on machines that QEMU plays. */
@NullMarked
package ristretto.system;

import org.jspecify.annotations.NullMarked;
