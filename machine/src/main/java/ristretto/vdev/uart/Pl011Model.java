package ristretto.vdev.uart;

import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.vdev.IrqLine;
import ristretto.vdev.MmioDevice;

/**
 * Arm PrimeCell UART (PL011) r1p5. Arm DDI 0183, "Programmers Model".
 *
 * <p>A byte takes no time on the wire and a receive timeout has always passed already. Not
 * modelled: line and modem settings (kept, without effect), IrDA (UARTILPR reads as zero), DMA, the
 * test registers, and errors other than overrun.
 */
@Cold
public final class Pl011Model implements MmioDevice {
  static final int UARTDR = 0x000;
  static final int UARTRSR = 0x004; // written: UARTECR
  static final int UARTFR = 0x018;
  static final int UARTIBRD = 0x024;
  static final int UARTFBRD = 0x028;
  static final int UARTLCR_H = 0x02c;
  static final int UARTCR = 0x030;
  static final int UARTIFLS = 0x034;
  static final int UARTIMSC = 0x038;
  static final int UARTRIS = 0x03c;
  static final int UARTMIS = 0x040;
  static final int UARTICR = 0x044;
  static final int UARTDMACR = 0x048;
  static final int UARTPERIPHID0 = 0xfe0;

  private static final int FIFO_DEPTH = 32;
  private static final int CR_RESET = 0x300; // TXE, RXE
  private static final int CR_ENABLED = 0x1; // UARTEN
  private static final int LCR_8_BITS_FIFOS = 0x70; // WLEN, FEN
  private static final int IFLS_RESET = 0x12; // both at half
  private static final int OVERRUN_CHARACTER = 1 << 11; // UARTDR.OE
  private static final int OVERRUN_STATUS = 1 << 3; // UARTRSR.OE

  // Interrupt bits, the same in UARTIMSC, UARTRIS, UARTMIS and UARTICR.
  private static final int RX = 1 << 4;
  private static final int TX = 1 << 5;
  private static final int RECEIVE_TIMEOUT = 1 << 6;
  private static final int OVERRUN = 1 << 10;
  private static final int ALL_INTERRUPTS = 0x7ff;

  /** UARTPeriphID0 to 3, UARTPCellID0 to 3, one byte each from bit 0 up. */
  private static final long IDENTIFICATION = 0xb105_f00d_0034_1011L;

  private final IrqLine irq;
  private final ByteSink sink;
  private final Fifo received = new Fifo(FIFO_DEPTH);
  private final Fifo transmitted = new Fifo(FIFO_DEPTH);
  private boolean overrun;
  private int receiveStatus;
  private int integerDivisor;
  private int fractionalDivisor;
  private int lineControl;
  private int control = CR_RESET;
  private int fifoLevels = IFLS_RESET;
  private int interruptMask;
  private int rawInterrupts;
  private int dmaControl;

  public Pl011Model(IrqLine irq, ByteSink sink) {
    this.irq = irq;
    this.sink = sink;
  }

  /** Everything as after a reset, which is what a new model is. */
  public void reset() {
    received.clear();
    transmitted.clear();
    overrun = false;
    receiveStatus = 0;
    integerDivisor = 0;
    fractionalDivisor = 0;
    lineControl = 0;
    control = CR_RESET;
    fifoLevels = IFLS_RESET;
    interruptMask = 0;
    rawInterrupts = 0;
    dmaControl = 0;
    updateLine();
  }

  /**
   * A reset, and then what firmware sets up for a driver that knows only the registers of Arm's
   * generic UART: enabled, with its FIFOs, 8 bits. Arm DEN 0029 (SBSA), "Generic UART".
   */
  public void resetConfigured() {
    reset();
    lineControl = LCR_8_BITS_FIFOS;
    control = CR_RESET | CR_ENABLED;
  }

  /** Would a byte from outside be kept? */
  public boolean canReceive() {
    return isReceiving() && hasRoom();
  }

  private boolean hasRoom() {
    return received.count() < depth();
  }

  /** A byte arrives. Without room it is lost, and the next one carries the overrun error. */
  public void receive(int b) {
    if (!isReceiving()) {
      return;
    }
    if (!hasRoom()) {
      overrun = true;
      rawInterrupts |= OVERRUN;
      updateLine();
      return;
    }
    received.add((b & 0xff) | (overrun ? OVERRUN_CHARACTER : 0));
    overrun = false;
    if (received.count() >= receiveTrigger()) {
      rawInterrupts |= RX;
    } else {
      rawInterrupts |= RECEIVE_TIMEOUT;
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
    return switch (offset) {
      case UARTDR -> takeCharacter();
      case UARTRSR -> receiveStatus;
      case UARTFR -> flags();
      case UARTIBRD -> integerDivisor;
      case UARTFBRD -> fractionalDivisor;
      case UARTLCR_H -> lineControl;
      case UARTCR -> control;
      case UARTIFLS -> fifoLevels;
      case UARTIMSC -> interruptMask;
      case UARTRIS -> rawInterrupts;
      case UARTMIS -> rawInterrupts & interruptMask;
      case UARTDMACR -> dmaControl;
      default -> offset >= UARTPERIPHID0 ? identification(offset) : 0; // read as zero
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    int bits = (int) value;
    switch (offset) {
      case UARTDR -> transmit(bits & 0xff);
      case UARTRSR -> receiveStatus = 0;
      case UARTIBRD -> integerDivisor = bits & 0xffff;
      case UARTFBRD -> fractionalDivisor = bits & 0x3f;
      case UARTLCR_H -> setLineControl(bits & 0xff);
      case UARTCR -> setControl(bits & 0xffff);
      case UARTIFLS -> fifoLevels = bits & 0x3f;
      case UARTIMSC -> interruptMask = bits & ALL_INTERRUPTS;
      case UARTICR -> rawInterrupts &= ~bits;
      case UARTDMACR -> dmaControl = bits & 0x7;
      default -> {} // writes ignored
    }
    updateLine();
  }

  private static long identification(int offset) {
    int index = (offset - UARTPERIPHID0) / 4;
    return Bits.get(IDENTIFICATION, 8 * index + 7, 8 * index);
  }

  private int takeCharacter() {
    if (received.isEmpty()) {
      return 0;
    }
    int character = received.take();
    receiveStatus = (character & OVERRUN_CHARACTER) != 0 ? OVERRUN_STATUS : 0;
    if (received.count() < receiveTrigger()) {
      rawInterrupts &= ~RX;
    }
    if (received.isEmpty()) {
      rawInterrupts &= ~RECEIVE_TIMEOUT;
    } else if ((rawInterrupts & RX) == 0) {
      rawInterrupts |= RECEIVE_TIMEOUT; // what remains below the trigger level waits too long
    }
    updateLine();
    return character;
  }

  /** UARTFR: TXFE, RXFF, TXFF, RXFE, BUSY. */
  private long flags() {
    long flags = Bits.with(0, 7, transmitted.isEmpty());
    flags = Bits.with(flags, 6, !hasRoom());
    flags = Bits.with(flags, 5, transmitted.count() >= depth());
    flags = Bits.with(flags, 4, received.isEmpty());
    return Bits.with(flags, 3, isTransmitting() && !transmitted.isEmpty());
  }

  private void transmit(int b) {
    if (transmitted.count() >= depth()) {
      return; // the manual leaves it to software to look first; the byte is lost
    }
    transmitted.add(b);
    transmitWaiting();
    if (transmitted.count() > transmitTrigger()) {
      rawInterrupts &= ~TX; // a driver that sees TX fills up to the trigger level without looking
    }
  }

  private void transmitWaiting() {
    boolean sent = false;
    while (isTransmitting() && !transmitted.isEmpty() && (isLoopback() || sink.isReady())) {
      int b = transmitted.take();
      sent = true;
      if (isLoopback()) {
        receive(b);
      } else {
        sink.put(b);
      }
    }
    if (sent && transmitted.count() <= transmitTrigger()) {
      rawInterrupts |= TX; // set by passing the level downwards
    }
  }

  private void setControl(int bits) {
    control = bits;
    transmitWaiting();
  }

  private void setLineControl(int bits) {
    boolean hadFifos = isFifoEnabled();
    lineControl = bits;
    if (hadFifos && !isFifoEnabled()) {
      received.clear();
      transmitted.clear();
      rawInterrupts &= ~(RX | RECEIVE_TIMEOUT);
    }
  }

  private void updateLine() {
    irq.set((rawInterrupts & interruptMask) != 0);
  }

  private boolean isFifoEnabled() {
    return Bits.isSet(lineControl, 4); // FEN
  }

  private boolean isLoopback() {
    return Bits.isSet(control, 7); // LBE
  }

  private boolean isTransmitting() {
    return Bits.isSet(control, 0) && Bits.isSet(control, 8); // UARTEN, TXE
  }

  private boolean isReceiving() {
    return Bits.isSet(control, 0) && Bits.isSet(control, 9); // UARTEN, RXE
  }

  private int depth() {
    return isFifoEnabled() ? FIFO_DEPTH : 1;
  }

  /** Characters at which RX is raised. UARTIFLS.RXIFLSEL. */
  private int receiveTrigger() {
    return isFifoEnabled() ? level(Bits.get(fifoLevels, 5, 3)) : 1;
  }

  /** Characters at or below which TX is raised. UARTIFLS.TXIFLSEL. */
  private int transmitTrigger() {
    return isFifoEnabled() ? level(Bits.get(fifoLevels, 2, 0)) : 0;
  }

  private static int level(int select) {
    return switch (select) {
      case 0 -> FIFO_DEPTH / 8;
      case 1 -> FIFO_DEPTH / 4;
      case 2 -> FIFO_DEPTH / 2;
      case 3 -> FIFO_DEPTH / 4 * 3;
      default -> FIFO_DEPTH / 8 * 7; // 0b101 and above are reserved
    };
  }
}
