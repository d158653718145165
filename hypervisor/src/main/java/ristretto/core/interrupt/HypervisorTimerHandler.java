package ristretto.core.interrupt;

import ristretto.core.cpu.Cpu;

/** The EL2 physical timer: software timers of this CPU are due. */
final class HypervisorTimerHandler extends InterruptHandler {
  @Override
  public void handle(int intid) {
    Cpu.current().timers.expire();
  }
}
