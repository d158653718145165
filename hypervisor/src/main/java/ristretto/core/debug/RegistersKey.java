package ristretto.core.debug;

import ristretto.arch.TrapFrame;
import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Vcpu;

/** Registers of the vCPUs that run. */
final class RegistersKey implements DebugKey {
  @Override
  public int key() {
    return 'd';
  }

  @Override
  public String description() {
    return "dump registers";
  }

  @Override
  public void press() {
    for (int i = 0; i < Cpus.count(); i++) {
      Vcpu vcpu = Cpus.get(i).running;
      if (vcpu != null) {
        print(i, vcpu);
      }
    }
  }

  /** As of its last entry to EL2; those of the pressing CPU are current. */
  private static void print(int cpu, Vcpu vcpu) {
    TrapFrame frame = vcpu.frame;
    Log.print()
        .text("*** CPU")
        .dec(cpu)
        .text(" guest state (d")
        .dec(vcpu.domain.id)
        .text("v")
        .dec(vcpu.id)
        .text("): PC ")
        .hex(frame.elr())
        .text(" PSTATE ")
        .hex(frame.spsr())
        .text(" LR ")
        .hex(frame.x(30))
        .end();
    for (int n = 0; n < 30; n += 3) {
      Log.print()
          .text("     X")
          .dec(n, 2)
          .text(" ")
          .hex(frame.x(n), 16)
          .text("  X")
          .dec(n + 1, 2)
          .text(" ")
          .hex(frame.x(n + 1), 16)
          .text("  X")
          .dec(n + 2, 2)
          .text(" ")
          .hex(frame.x(n + 2), 16)
          .end();
    }
  }
}
