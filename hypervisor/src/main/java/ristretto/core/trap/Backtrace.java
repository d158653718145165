package ristretto.core.trap;

import ristretto.machine.Memory;

/**
 * The calls that led to an instruction, by the chain of frame records. Procedure Call Standard for
 * the Arm 64-bit Architecture (AAPCS64), "The frame pointer".
 *
 * <p>Reads the stack only between the given bounds and only upwards, so that a broken chain ends
 * the list and nothing else.
 */
public final class Backtrace {
  private static final int FRAMES_PRINTED = 48;
  private static final int INSTRUCTION = 4;
  private static final int FRAME_RECORD = 16;

  private final Symbols symbols;

  public Backtrace(Symbols symbols) {
    this.symbols = symbols;
  }

  /**
   * Prints one line {@code at pkg.Class.method(File.java:12)} per frame, innermost first.
   *
   * @param instruction where the CPU was
   * @param linkRegister x30 there
   * @param framePointer x29 there
   * @param stackBottom lowest address of the stack, inclusive
   * @param stackTop highest address of the stack, exclusive
   */
  public void print(
      long instruction,
      long linkRegister,
      long framePointer,
      long stackBottom,
      long stackTop,
      Symbols.Sink sink) {
    int left = printFrames(instruction, FRAMES_PRINTED, sink);
    if (symbols.returnAddressInLinkRegister(instruction)) {
      left = printFrames(linkRegister - INSTRUCTION, left, sink);
    }
    long frame = framePointer;
    long lowest = stackBottom;
    while (left > 0 && isFrame(frame, lowest, stackTop)) {
      left = printFrames(Memory.load64(frame + 8) - INSTRUCTION, left, sink);
      lowest = frame + FRAME_RECORD;
      frame = Memory.load64(frame);
    }
  }

  private static boolean isFrame(long frame, long lowest, long top) {
    return (frame & 7) == 0
        && Long.compareUnsigned(frame, lowest) >= 0
        && Long.compareUnsigned(frame, top - FRAME_RECORD) <= 0;
  }

  /** Returns how many more frames may be printed. */
  private int printFrames(long instruction, int limit, Symbols.Sink sink) {
    int count = Math.min(symbols.frameCount(instruction), limit);
    for (int i = 0; i < count; i++) {
      sink.put(' ');
      sink.put(' ');
      sink.put('a');
      sink.put('t');
      sink.put(' ');
      symbols.printFrame(instruction, i, sink);
      sink.put('\n');
    }
    return limit - count;
  }
}
