package ristretto.core.hypercall;

import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;

/** HVC #0xEA1. (The owner, sibling "abi", replaces this outline.) */
public final class Hypercalls {
  private Hypercalls() {}

  /** Number in x16, arguments in x0 to x4; leaves the result in x0, or rewinds to be called again. */
  public static void dispatch(Vcpu vcpu, TrapFrame frame) {
    throw new UnsupportedOperationException();
  }
}
