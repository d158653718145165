package ristretto.core.trap;

import ristretto.arch.FaultFrame;
import ristretto.lang.Export;
import ristretto.lang.TrapRoot;
import ristretto.machine.Hint;

/** Exceptions that EL2 itself took: failed checks, aborts, errors of the memory system. */
public final class FaultHandler {
  private FaultHandler() {}

  /**
   * Called by the vector code on the emergency stack.
   *
   * @param registers address of a {@link FaultFrame}
   * @return hypervisor address of the TrapFrame to resume
   */
  @TrapRoot
  @Export("trap_fault")
  static long fault(long registers) {
    while (true) {
      Hint.waitForInterrupt();
    }
  }
}
