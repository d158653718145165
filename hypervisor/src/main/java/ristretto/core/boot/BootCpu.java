package ristretto.core.boot;

import ristretto.fdt.FdtNode;
import ristretto.lang.BootOnly;

/** A CPU of the device tree. */
public final class BootCpu {
  /** MPIDR_EL1's affinity fields. */
  public final long mpidr;

  public final FdtNode node;

  @BootOnly
  BootCpu(long mpidr, FdtNode node) {
    this.mpidr = mpidr;
    this.node = node;
  }
}
