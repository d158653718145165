package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** GICR_WAKER. IHI 0069, "GICR_WAKER". */
@Unboxed
public record GicrWaker(int bits) {
  /** ProcessorSleep. */
  @Inline
  public GicrWaker withProcessorSleep(boolean asleep) {
    return new GicrWaker((int) Bits.with(bits, 1, asleep));
  }

  @Inline
  public boolean processorSleep() {
    return Bits.isSet(bits, 1);
  }

  /** ChildrenAsleep: the interface to the CPU is quiescent. */
  @Inline
  public boolean childrenAsleep() {
    return Bits.isSet(bits, 2);
  }
}
