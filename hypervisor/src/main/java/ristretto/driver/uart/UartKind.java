package ristretto.driver.uart;

import ristretto.lang.BootOnly;
import ristretto.machine.Mmio;

/** The UARTs that can be the console, by the device tree's {@code compatible}. */
public enum UartKind {
  PL011("arm,pl011"),
  DESIGNWARE("snps,dw-apb-uart"),
  NS16550A("ns16550a"),
  NS16550("ns16550");

  private final String compatible;

  UartKind(String compatible) {
    this.compatible = compatible;
  }

  public String compatible() {
    return compatible;
  }

  /**
   * The driver, not started.
   *
   * @param registerShift {@code reg-shift}, 0 when absent; without meaning for a PL011
   * @param registerWidth {@code reg-io-width}, 1 when absent; without meaning for a PL011
   */
  @BootOnly
  public ConsoleDevice create(Mmio regs, int registerShift, int registerWidth) {
    return switch (this) {
      case PL011 -> new Pl011(regs);
      case DESIGNWARE -> new Ns16550(regs, registerShift, registerWidth, true);
      default -> new Ns16550(regs, registerShift, registerWidth, false);
    };
  }
}
