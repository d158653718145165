package ristretto.core.interrupt;

import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;

/**
 * The virtual CPU interface asks for attention: list registers were too few and some are free
 * again, or a level-triggered interrupt has ended. IHI 0069, "Maintenance interrupts".
 */
final class MaintenanceHandler extends InterruptHandler {
  @Override
  public void handle(int intid) {
    Vcpu vcpu = Cpu.current().vcpu;
    if (vcpu != null) {
      vcpu.vgic.overflow.maintain();
      Scheduler.wake(vcpu);
    }
  }
}
