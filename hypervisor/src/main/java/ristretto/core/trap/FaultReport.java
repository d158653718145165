package ristretto.core.trap;

import org.jspecify.annotations.Nullable;
import ristretto.arch.DataAbort;
import ristretto.arch.Esr;
import ristretto.arch.FaultFrame;
import ristretto.core.console.Log;
import ristretto.core.console.LogLine;
import ristretto.core.cpu.CpuStacks;
import ristretto.core.cpu.Cpus;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.FaultCode;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;

/**
 * Says what went wrong at EL2 and where: the cause, the Java methods, the registers. Takes no lock.
 */
final class FaultReport {
  private static final int MOST_CALLS = 40;
  private static final int LONGEST_NAME = 120;
  private static final int REGISTERS = 31;
  private static final int REGISTERS_A_LINE = 4;

  /** String objects: length in the header, text behind the hash. See the compiler's runtime.h. */
  private static final int STRING_LENGTH = 4;

  private static final int STRING_TEXT = 12;

  private static @Nullable Symbols symbols;
  private static final Printer[] PRINTERS = printers();

  private FaultReport() {}

  private static Printer[] printers() {
    Printer[] printers = new Printer[Cpus.MAXIMUM];
    for (int i = 0; i < printers.length; i++) {
      printers[i] = new Printer();
    }
    return printers;
  }

  /** Finds the image's table of names; reports before this have addresses only. */
  @BootOnly
  static void start() {
    long first = ImageSymbol.SYMBOLS_START.address();
    long end = ImageSymbol.SYMBOLS_END.address();
    symbols = new Symbols(new ImageTable(first, end - first), ImageSymbol.TEXT_START.address());
  }

  @Cold
  static void print(FaultFrame frame, int cpu) {
    LogLine line = Log.emergency().text("*** Fault in the hypervisor on CPU ").dec(cpu).text(": ");
    cause(line, frame).end();
    backtrace(frame, cpu);
    registers(frame);
  }

  private static LogLine cause(LogLine line, FaultFrame frame) {
    Esr esr = frame.esr();
    switch (frame.kind()) {
      case FaultFrame.KIND_SYNC -> synchronous(line, frame, esr);
      case FaultFrame.KIND_SERROR ->
          line.text("SError (error of the memory system), ESR ").hex(esr.bits());
      case FaultFrame.KIND_IRQ, FaultFrame.KIND_FIQ -> line.text("an interrupt although masked");
      default -> line.text("an exception through an unused vector, ESR ").hex(esr.bits());
    }
    return line;
  }

  private static void synchronous(LogLine line, FaultFrame frame, Esr esr) {
    switch (esr.ec()) {
      case Esr.EC_BRK64 -> check(line, frame, esr.immediate());
      case Esr.EC_DATA_ABORT_SAME -> dataAbort(line, frame.far(), new DataAbort(esr.iss()));
      case Esr.EC_INSTRUCTION_ABORT_SAME -> line.text("jump to ").hex(frame.far());
      default -> line.text("exception class ").hex(esr.ec()).text(", ESR ").hex(esr.bits());
    }
  }

  private static void check(LogLine line, FaultFrame frame, int code) {
    switch (code) {
      case FaultCode.BOUNDS -> line.text("index out of bounds");
      case FaultCode.CAST -> line.text("object of the wrong class");
      case FaultCode.DIVISION -> line.text("division by zero");
      case FaultCode.ARRAY_STORE -> line.text("array does not take that class");
      case FaultCode.NEGATIVE_SIZE -> line.text("negative array length");
      case FaultCode.UNREACHABLE -> line.text("a condition that must hold does not");
      case FaultCode.UNCAUGHT -> uncaught(line, frame.x(0), frame.x(1));
      case FaultCode.HEAP -> line.text("allocation from a boot heap that is sealed or full");
      default -> line.text("BRK ").dec(code);
    }
  }

  private static void uncaught(LogLine line, long className, long message) {
    line.text("uncaught ").characters(className, LONGEST_NAME);
    if (message != 0) {
      int length = Math.min(Memory.load32(message + STRING_LENGTH), LONGEST_NAME);
      line.text(": ").characters(message + STRING_TEXT, length);
    }
  }

  private static void dataAbort(LogLine line, long address, DataAbort abort) {
    if (Long.compareUnsigned(address, Frames.SIZE) < 0) {
      line.text("null reference, offset ").hex(address);
    } else if (CpuStacks.isGuard(Bits.alignDown(address, Frames.SIZE))) {
      line.text("stack overflow at ").hex(address);
    } else {
      line.text(abort.isWrite() ? "write to " : "read from ").hex(address);
      line.text(", status ").hex(abort.status());
    }
  }

  /**
   * The faulting instruction, then return addresses along the frame pointers of this CPU's stacks.
   */
  private static void backtrace(FaultFrame frame, int cpu) {
    Symbols names = symbols;
    call(frame.elr(), cpu);
    if (names != null && names.returnAddressInLinkRegister(frame.elr())) {
      call(frame.x(30) - 4, cpu);
    }
    long record = frame.x(29);
    for (int i = 0; i < MOST_CALLS && isOnStack(record, cpu); i++) {
      call(Memory.load64(record + Long.BYTES) - 4, cpu);
      long caller = Memory.load64(record);
      if (Long.compareUnsigned(caller, record) <= 0) {
        return; // what a guest left in x29 leads nowhere: records go up only
      }
      record = caller;
    }
  }

  private static boolean isOnStack(long record, int cpu) {
    long offset = record - CpuStacks.area(cpu);
    return Bits.isAligned(record, Long.BYTES)
        && offset >= Frames.SIZE
        && offset <= CpuStacks.AREA - 2 * Long.BYTES
        && !CpuStacks.isGuard(Bits.alignDown(record, Frames.SIZE));
  }

  /**
   * One line a Java frame: several where calls were inlined, the address alone where there is none.
   */
  private static void call(long instruction, int cpu) {
    Symbols names = symbols;
    int count = names == null ? 0 : names.frameCount(instruction);
    if (names == null || count == 0) {
      Log.emergency().text("  at ").hex(instruction).end();
      return;
    }
    Printer printer = PRINTERS[cpu];
    for (int i = 0; i < count; i++) {
      LogLine line = Log.emergency().text("  at ");
      printer.line = line;
      names.printFrame(instruction, i, printer);
      line.end();
    }
  }

  private static void registers(FaultFrame frame) {
    Log.emergency()
        .text("  pc ")
        .hex(frame.elr(), 16)
        .text(" sp ")
        .hex(frame.sp(), 16)
        .text(" spsr ")
        .hex(frame.spsr(), 8)
        .text(" esr ")
        .hex(frame.esr().bits(), 8)
        .text(" far ")
        .hex(frame.far(), 16)
        .end();
    for (int first = 0; first < REGISTERS; first += REGISTERS_A_LINE) {
      LogLine line = Log.emergency().text(" ");
      for (int n = first; n < Math.min(first + REGISTERS_A_LINE, REGISTERS); n++) {
        line.text(n < 10 ? "  x" : " x").dec(n).text(" ").hex(frame.x(n), 16);
      }
      line.end();
    }
  }

  /** Puts what {@link Symbols} prints on a line. */
  private static final class Printer implements Symbols.Sink {
    private @Nullable LogLine line;

    @Override
    public void put(int character) {
      LogLine current = line;
      if (current != null) {
        current.character(character);
      }
    }
  }

  /** The table at its place in the image. Behind its end there are zeroes. */
  private static final class ImageTable implements Symbols.Table {
    private final long address;
    private final long size;

    @BootOnly
    ImageTable(long address, long size) {
      this.address = address;
      this.size = size;
    }

    @Override
    public int byteAt(int offset) {
      return Integer.toUnsignedLong(offset) < size ? Memory.load8(address + offset) : 0;
    }
  }
}
