package ristretto.sim;

import ristretto.machine.Machine.Maintenance;

/**
 * A barrier, cache or TLB operation that a CPU executed; {@code argument} as the intrinsic gave it.
 */
public record Maintained(int cpu, Maintenance operation, long argument) {}
