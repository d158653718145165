package ristretto.system;

import java.util.List;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.VirtualMachine;

/** One row of the boot matrix. */
record BootCase(Suite suite, int gic, String cpu, int smp, int memoryGib, Boot.Way way) {
  /**
   * The selection: any two values of two different columns meet in some row ({@link BootMatrixTest}
   * proves it), so that whatever depends on two of them at a time is seen. All combinations would
   * be 288.
   */
  static List<BootCase> pairwise() {
    return List.of(
        new BootCase(Suite.BOOKWORM, 3, "cortex-a53", 1, 8, Boot.Way.UBOOT),
        new BootCase(Suite.TRIXIE, 2, "cortex-a53", 2, 1, Boot.Way.DIRECT),
        new BootCase(Suite.TRIXIE, 2, "cortex-a53", 4, 4, Boot.Way.UBOOT),
        new BootCase(Suite.TRIXIE, 3, "cortex-a72", 1, 4, Boot.Way.UBOOT),
        new BootCase(Suite.BOOKWORM, 2, "cortex-a72", 2, 8, Boot.Way.DIRECT),
        new BootCase(Suite.TRIXIE, 3, "cortex-a72", 4, 1, Boot.Way.DIRECT),
        new BootCase(Suite.TRIXIE, 3, "cortex-a76", 1, 8, Boot.Way.UBOOT),
        new BootCase(Suite.TRIXIE, 3, "cortex-a76", 2, 1, Boot.Way.UBOOT),
        new BootCase(Suite.BOOKWORM, 2, "cortex-a76", 4, 4, Boot.Way.DIRECT),
        new BootCase(Suite.BOOKWORM, 2, "max", 1, 1, Boot.Way.DIRECT),
        new BootCase(Suite.BOOKWORM, 2, "max", 2, 4, Boot.Way.UBOOT),
        new BootCase(Suite.TRIXIE, 3, "max", 4, 8, Boot.Way.UBOOT));
  }

  /** The values in the order of the columns. */
  List<Object> values() {
    return List.of(suite, gic, cpu, smp, memoryGib, way);
  }

  VirtualMachine machine() {
    return new VirtualMachine(cpu, smp, memoryGib * 1024, gic);
  }

  @Override
  public String toString() {
    return suite + ", " + machine() + ", " + (way == Boot.Way.UBOOT ? "U-Boot" : "-kernel");
  }
}
