package ristretto.core.hypercall;

import ristretto.arch.TrapFrame;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * x0 of memory_op: the operation, and above it how many elements of a list are done. A guest may
 * begin anywhere in its list; it then says nothing about the elements before.
 */
@Unboxed
record ListPosition(long bits) {
  private static final int OPERATION_TOP = 5;

  /** Longer lists could not be continued. */
  static final long MOST = Bits.mask(31 - OPERATION_TOP - 1, 0);

  @Inline
  static ListPosition of(TrapFrame frame) {
    return new ListPosition(frame.x(0));
  }

  @Inline
  int operation() {
    return (int) Bits.get(bits, OPERATION_TOP, 0);
  }

  /** Elements that are done. */
  long done() {
    return Bits.get(bits, 63, OPERATION_TOP + 1);
  }

  /** The hypercall goes on at element {@code done}. */
  long continueAt(TrapFrame frame, long done) {
    frame.setX(0, Bits.put(bits, 63, OPERATION_TOP + 1, done));
    return Hypercalls.CONTINUE;
  }
}
