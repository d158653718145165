/**
 * Everything that touches hardware: loads and stores, system registers, barriers, cache and TLB
 * maintenance, WFI, SMC. Each method is an intrinsic whose Java body asks the current simulated
 * {@link ristretto.machine.Machine}; nothing outside this package asks which life it is in.
 */
@NullMarked
package ristretto.machine;

import org.jspecify.annotations.NullMarked;
