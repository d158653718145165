package ristretto.driver.uart;

import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.Mmio;

/**
 * A 16550A UART and Synopsys' DW_apb_uart. National Semiconductor PC16550D data sheet, "Registers";
 * DesignWare DW_apb_uart databook, "IIR" and "USR" for the busy-detect interrupt.
 */
@Cold
public final class Ns16550 implements ConsoleDevice {
  // Register numbers.
  static final int DATA = 0; // RBR, THR
  static final int IER = 1;
  static final int IIR = 2; // written: FCR
  static final int LCR = 3;
  static final int MCR = 4;
  static final int LSR = 5;
  static final int USR = 0x1f;

  private static final int IER_RECEIVED_DATA = 1;
  private static final int FCR_ENABLE_AND_CLEAR = 0x7;
  private static final int LCR_8N1 = 0x3;
  private static final int MCR_DTR_RTS_OUT2 = 0xb;
  private static final int IIR_LINE_STATUS = 0x6;
  private static final int IIR_BUSY_DETECT = 0x7;
  private static final int IIR_CHARACTER_TIMEOUT = 0xc;

  /** Bytes that fit when the transmitter reports empty; every 16550A has at least these. */
  private static final int FIFO_DEPTH = 16;

  /** Attempts at a write to LCR, which a busy DW_apb_uart ignores. */
  private static final int LCR_ATTEMPTS = 1000;

  private final Mmio regs;
  private final int registerShift;
  private final int registerWidth;
  private final boolean designWare;
  private final TransmitGate gate = new TransmitGate();

  /** Bytes that fit without another look at LSR. */
  private int room;

  /**
   * @param registerShift device tree's {@code reg-shift}: log2 of the registers' distance in bytes
   * @param registerWidth device tree's {@code reg-io-width}: 1 or 4 bytes an access
   * @param designWare Synopsys' variant, with USR and the busy-detect interrupt
   */
  public Ns16550(Mmio regs, int registerShift, int registerWidth, boolean designWare) {
    this.regs = regs;
    this.registerShift = registerShift;
    this.registerWidth = registerWidth;
    this.designWare = designWare;
  }

  @Override
  public void start() {
    write(IER, 0);
    write(IIR, FCR_ENABLE_AND_CLEAR);
    setLineControl();
    write(MCR, MCR_DTR_RTS_OUT2);
    room = 0;
  }

  /** 8N1 with the divisor hidden. Emptying the receiver ends what may keep a DW_apb_uart busy. */
  private void setLineControl() {
    for (int i = 0; i < LCR_ATTEMPTS; i++) {
      write(LCR, LCR_8N1);
      if ((read(LCR) & 0xff) == LCR_8N1) {
        return;
      }
      read(DATA);
      clearBusyDetect();
    }
  }

  @Override
  public boolean canPut() {
    if (room == 0 && Bits.isSet(read(LSR), 5)) { // THRE
      room = FIFO_DEPTH;
    }
    return room > 0;
  }

  @Override
  public void put(int b) {
    if (gate.open(this)) {
      room--;
      write(DATA, b & 0xff);
    }
  }

  @Override
  public int poll() {
    return Bits.isSet(read(LSR), 0) ? read(DATA) & 0xff : -1; // DR
  }

  @Override
  public void enableReceiveInterrupt() {
    write(IER, IER_RECEIVED_DATA);
  }

  @Override
  public void acknowledgeInterrupt() {
    switch (read(IIR) & 0xf) {
      case IIR_BUSY_DETECT -> clearBusyDetect();
      case IIR_LINE_STATUS -> read(LSR);
      case IIR_CHARACTER_TIMEOUT -> {
        // DW_apb_uart may time out with an empty FIFO; only reading RBR ends that.
        if (designWare && !Bits.isSet(read(LSR), 0)) {
          read(DATA);
        }
      }
      default -> {} // received data: polling takes it
    }
  }

  private void clearBusyDetect() {
    if (designWare) {
      read(USR);
    }
  }

  private int read(int register) {
    int offset = register << registerShift;
    return registerWidth == 4 ? regs.read32(offset) : regs.read8(offset);
  }

  private void write(int register, int value) {
    int offset = register << registerShift;
    if (registerWidth == 4) {
      regs.write32(offset, value);
    } else {
      regs.write8(offset, value);
    }
  }
}
