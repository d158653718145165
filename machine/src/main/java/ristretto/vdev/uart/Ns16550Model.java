package ristretto.vdev.uart;

import ristretto.lang.Bits;
import ristretto.vdev.IrqLine;
import ristretto.vdev.MmioDevice;

/**
 * A 16550A UART, or Synopsys' DesignWare APB UART, which adds registers and one trap: a write to
 * LCR while the UART is busy is ignored and raises the busy-detect interrupt until USR is read.
 * National Semiconductor PC16550D data sheet, "Registers"; DesignWare DW_apb_uart databook,
 * "Register Descriptions".
 *
 * <p>A byte takes no time on the wire and a character timeout has always passed already. Not
 * modelled: the line's settings (kept, without effect), modem input changes, errors other than
 * overrun, DMA and FIFO access mode.
 */
public final class Ns16550Model implements MmioDevice {
  // Register numbers; a register's offset is its number shifted by the register shift.
  static final int RBR = 0; // written: THR; with DLAB: DLL
  static final int IER = 1; // with DLAB: DLM
  static final int IIR = 2; // written: FCR
  static final int LCR = 3;
  static final int MCR = 4;
  static final int LSR = 5;
  static final int MSR = 6;
  static final int SCR = 7;
  static final int USR = 0x1f;
  static final int TFL = 0x20;
  static final int RFL = 0x21;
  static final int UCV = 0x3e;
  static final int CTR = 0x3f;

  private static final int DESIGNWARE_VERSION = 0x3430_332a; // "403*"
  private static final int DESIGNWARE_COMPONENT = 0x4457_0110; // "DW", 0x0110
  private static final int MODEM_INPUTS = 0xb0; // DCD, DSR, CTS
  private static final int FIFO_DEPTH = 16;

  // IIR[3:0], highest priority first.
  private static final int BUSY_DETECT = 0x7;
  private static final int LINE_STATUS = 0x6;
  private static final int RECEIVED_DATA = 0x4;
  private static final int CHARACTER_TIMEOUT = 0xc;
  private static final int TRANSMITTER_EMPTY = 0x2;
  private static final int NONE = 0x1;

  private final IrqLine irq;
  private final ByteSink sink;
  private final int registerShift;
  private final boolean designWare;
  private final Fifo received = new Fifo(FIFO_DEPTH);
  private final Fifo transmitted = new Fifo(FIFO_DEPTH);
  private int divisor;
  private int interruptEnable;
  private int fifoControl;
  private int lineControl;
  private int modemControl;
  private int scratch;
  private boolean overrun;
  private boolean transmitterInterrupt;
  private boolean busyInterrupt;

  /**
   * @param registerShift log2 of the distance between registers in bytes: device tree's {@code
   *     reg-shift}
   * @param designWare Synopsys' variant
   */
  public Ns16550Model(IrqLine irq, ByteSink sink, int registerShift, boolean designWare) {
    this.irq = irq;
    this.sink = sink;
    this.registerShift = registerShift;
    this.designWare = designWare;
  }

  /** Room for a byte from outside? */
  public boolean canReceive() {
    return received.count() < depth();
  }

  /** A byte arrives; without room it is lost and the line status says so. */
  public void receive(int b) {
    if (canReceive()) {
      received.add(b & 0xff);
    } else {
      overrun = true;
    }
    updateLine();
  }

  /** The sink has become ready: waiting bytes go out. */
  public void sinkReady() {
    transmitWaiting();
    updateLine();
  }

  @Override
  public long read(int offset, int size) {
    long value =
        switch (offset >>> registerShift) {
          case RBR -> isDivisorAccess() ? Bits.get(divisor, 7, 0) : takeByte();
          case IER -> isDivisorAccess() ? Bits.get(divisor, 15, 8) : interruptEnable;
          case IIR -> acknowledge();
          case LCR -> lineControl;
          case MCR -> modemControl;
          case LSR -> takeLineStatus();
          case MSR -> modemStatus();
          case SCR -> scratch;
          default -> designWare ? readDesignWare(offset >>> registerShift) : 0; // read as zero
        };
    updateLine();
    return value;
  }

  private long readDesignWare(int register) {
    return switch (register) {
      case USR -> takeUartStatus();
      case TFL -> transmitted.count();
      case RFL -> received.count();
      case UCV -> DESIGNWARE_VERSION;
      case CTR -> DESIGNWARE_COMPONENT;
      default -> 0; // read as zero
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    int bits = (int) value & 0xff;
    switch (offset >>> registerShift) {
      case RBR -> writeData(bits);
      case IER -> writeInterruptEnable(bits);
      case IIR -> writeFifoControl(bits);
      case LCR -> writeLineControl(bits);
      case MCR -> modemControl = bits & 0x3f;
      case SCR -> scratch = bits;
      default -> {} // writes ignored
    }
    updateLine();
  }

  private int takeByte() {
    return received.isEmpty() ? 0 : received.take();
  }

  private void writeData(int bits) {
    if (isDivisorAccess()) {
      divisor = Bits.put(divisor, 7, 0, bits);
    } else if (transmitted.count() < depth()) {
      transmitterInterrupt = false;
      transmitted.add(bits);
      transmitWaiting();
    }
  }

  private void writeInterruptEnable(int bits) {
    if (isDivisorAccess()) {
      divisor = Bits.put(divisor, 15, 8, bits);
      return;
    }
    boolean enabledTransmitter = !Bits.isSet(interruptEnable, 1) && Bits.isSet(bits, 1);
    interruptEnable = bits & 0xf;
    if (enabledTransmitter && transmitted.isEmpty()) {
      transmitterInterrupt = true; // enabling it with an empty holding register interrupts at once
    }
  }

  private void writeFifoControl(int bits) {
    boolean toggled = Bits.isSet(fifoControl ^ bits, 0);
    fifoControl = bits & 0xc9;
    if (toggled || Bits.isSet(bits, 1)) {
      received.clear();
    }
    if (toggled || Bits.isSet(bits, 2)) {
      transmitted.clear();
      transmitterInterrupt = true;
    }
  }

  private void writeLineControl(int bits) {
    if (designWare && isBusy()) {
      busyInterrupt = true;
      return;
    }
    lineControl = bits;
  }

  private void transmitWaiting() {
    while (!transmitted.isEmpty() && (isLoopback() || sink.isReady())) {
      int b = transmitted.take();
      if (isLoopback()) {
        receive(b);
      } else {
        sink.put(b);
      }
      if (transmitted.isEmpty()) {
        transmitterInterrupt = true;
      }
    }
  }

  /** Reading IIR: the highest pending source; reading it is what clears "transmitter empty". */
  private int acknowledge() {
    int source = pendingSource();
    if (source == TRANSMITTER_EMPTY) {
      transmitterInterrupt = false;
    }
    return source | (isFifoEnabled() ? 0xc0 : 0);
  }

  private int pendingSource() {
    if (Bits.isSet(interruptEnable, 2) && overrun) {
      return LINE_STATUS;
    }
    if (Bits.isSet(interruptEnable, 0) && !received.isEmpty()) {
      return received.count() >= receiveTrigger() ? RECEIVED_DATA : CHARACTER_TIMEOUT;
    }
    if (Bits.isSet(interruptEnable, 1) && transmitterInterrupt) {
      return TRANSMITTER_EMPTY;
    }
    return busyInterrupt ? BUSY_DETECT : NONE;
  }

  /** LSR: DR, OE, THRE, TEMT. Reading it clears OE. */
  private long takeLineStatus() {
    long status = Bits.with(0, 0, !received.isEmpty());
    status = Bits.with(status, 1, overrun);
    status = Bits.with(status, 5, transmitted.isEmpty());
    status = Bits.with(status, 6, transmitted.isEmpty());
    overrun = false;
    return status;
  }

  /** MSR; in loopback the outputs DTR, RTS, OUT1, OUT2 come back as DSR, CTS, RI, DCD. */
  private long modemStatus() {
    if (!isLoopback()) {
      return MODEM_INPUTS;
    }
    long status = Bits.with(0, 4, Bits.isSet(modemControl, 1));
    status = Bits.with(status, 5, Bits.isSet(modemControl, 0));
    status = Bits.with(status, 6, Bits.isSet(modemControl, 2));
    return Bits.with(status, 7, Bits.isSet(modemControl, 3));
  }

  /** USR: BUSY, TFNF, TFE, RFNE, RFF. Reading it clears busy detect. */
  private long takeUartStatus() {
    long status = Bits.with(0, 0, isBusy());
    status = Bits.with(status, 1, transmitted.count() < depth());
    status = Bits.with(status, 2, transmitted.isEmpty());
    status = Bits.with(status, 3, !received.isEmpty());
    status = Bits.with(status, 4, !canReceive());
    busyInterrupt = false;
    return status;
  }

  private void updateLine() {
    irq.set(pendingSource() != NONE);
  }

  private boolean isBusy() {
    return !transmitted.isEmpty() || !received.isEmpty();
  }

  private boolean isDivisorAccess() {
    return Bits.isSet(lineControl, 7); // DLAB
  }

  private boolean isFifoEnabled() {
    return Bits.isSet(fifoControl, 0);
  }

  private boolean isLoopback() {
    return Bits.isSet(modemControl, 4);
  }

  private int depth() {
    return isFifoEnabled() ? FIFO_DEPTH : 1;
  }

  /** FCR[7:6]. */
  private int receiveTrigger() {
    if (!isFifoEnabled()) {
      return 1;
    }
    return switch (Bits.get(fifoControl, 7, 6)) {
      case 0 -> 1;
      case 1 -> FIFO_DEPTH / 4;
      case 2 -> FIFO_DEPTH / 2;
      default -> FIFO_DEPTH - 2;
    };
  }
}
