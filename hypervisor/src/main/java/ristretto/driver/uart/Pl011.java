package ristretto.driver.uart;

import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.lang.Unboxed;
import ristretto.machine.Hint;
import ristretto.machine.Mmio;
import ristretto.machine.SysReg;

/** Arm PrimeCell UART (PL011). Arm DDI 0183, "Programmers Model". */
@Cold
public final class Pl011 implements ConsoleDevice {
  static final int UARTDR = 0x000;
  static final int UARTFR = 0x018;
  static final int UARTLCR_H = 0x02c;
  static final int UARTCR = 0x030;
  static final int UARTIMSC = 0x038;
  static final int UARTICR = 0x044;

  private static final int LCR_H_FEN = 1 << 4;
  private static final int LCR_H_WLEN_8 = 3 << 5;
  private static final int CR_UARTEN = 1;
  private static final int CR_TXE = 1 << 8;
  private static final int CR_RXE = 1 << 9;
  private static final int CR_DTR_RTS = 3 << 10;

  // UARTIMSC and UARTICR.
  private static final int RECEIVE = 1 << 4;
  private static final int RECEIVE_TIMEOUT = 1 << 6;
  private static final int ALL_INTERRUPTS = 0x7ff;

  private final Mmio regs;
  private final TransmitGate gate = new TransmitGate();

  public Pl011(Mmio regs) {
    this.regs = regs;
  }

  @Override
  public void start() {
    awaitIdle();
    regs.write32(UARTIMSC, 0);
    regs.write32(UARTICR, ALL_INTERRUPTS);
    // "Control Register, UARTCR": disable the UART before anything is reprogrammed.
    regs.write32(UARTCR, 0);
    regs.write32(UARTLCR_H, LCR_H_WLEN_8 | LCR_H_FEN);
    regs.write32(UARTCR, CR_UARTEN | CR_TXE | CR_RXE | CR_DTR_RTS);
  }

  /** Lets what the firmware is still sending go out; gives up after 20 ms. */
  private void awaitIdle() {
    long limit = GenericTimer.frequency() / 50;
    long start = SysReg.CNTPCT_EL0.read();
    while (flags().busy() && SysReg.CNTPCT_EL0.read() - start <= limit) {
      Hint.spin();
    }
  }

  @Override
  public boolean canPut() {
    return !flags().txFull();
  }

  @Override
  public void put(int b) {
    if (gate.open(this)) {
      regs.write32(UARTDR, b & 0xff);
    }
  }

  @Override
  public int poll() {
    return flags().rxEmpty() ? -1 : regs.read32(UARTDR) & 0xff;
  }

  @Override
  public void enableReceiveInterrupt() {
    regs.write32(UARTIMSC, RECEIVE | RECEIVE_TIMEOUT);
  }

  /**
   * Reading ends the interrupt. It is not cleared before: for as long as the FIFO is not empty,
   * what comes later would not raise it again. Arm DDI 0183, "Interrupts": UARTRXINTR, UARTRTINTR.
   */
  @Override
  public void acknowledgeInterrupt() {}

  private Flags flags() {
    return new Flags(regs.read32(UARTFR));
  }

  /** UARTFR, Flag Register. */
  @Unboxed
  record Flags(int bits) {
    boolean busy() {
      return Bits.isSet(bits, 3); // BUSY
    }

    boolean rxEmpty() {
      return Bits.isSet(bits, 4); // RXFE
    }

    boolean txFull() {
      return Bits.isSet(bits, 5); // TXFF
    }
  }
}
