package ristretto.image;

import ristretto.lang.BootOnly;
import ristretto.lang.Export;
import ristretto.machine.Memory;

/** Where entry.S hands over to Java. */
public final class Ristretto {
  /** UARTDR of the PL011 of QEMU's virt machine, until the console is found in the device tree. */
  private static final long EARLY_UART = 0x0900_0000L;

  private static final String BANNER = "Ristretto 0.1\r\n";

  private Ristretto() {}

  /**
   * The boot CPU's way through the boot: MMU on, boot tables, own stack.
   *
   * @param deviceTree physical address of the device tree, mapped, or whatever x0 held
   * @param load physical address of the image
   * @return hypervisor address of the TrapFrame to resume, or 0 to park the CPU
   */
  @BootOnly
  @Export("boot_main")
  static long bootMain(long deviceTree, long load) {
    for (int i = 0; i < BANNER.length(); i++) {
      Memory.store32(EARLY_UART, BANNER.charAt(i));
    }
    return 0;
  }

  /**
   * The same for a CPU that PSCI CPU_ON started.
   *
   * @param index position in {@code Cpus}
   */
  @BootOnly
  @Export("secondary_main")
  static long secondaryMain(long index) {
    return 0;
  }
}
