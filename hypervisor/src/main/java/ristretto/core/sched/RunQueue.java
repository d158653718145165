package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;

/** vCPUs that wait for a CPU, in the order of their coming. Guarded by the scheduler's lock. */
public final class RunQueue {
  private @Nullable Vcpu first;
  private @Nullable Vcpu last;

  public boolean isEmpty() {
    return first == null;
  }

  void append(Vcpu vcpu) {
    vcpu.nextInQueue = null;
    Vcpu tail = last;
    if (tail == null) {
      first = vcpu;
    } else {
      tail.nextInQueue = vcpu;
    }
    last = vcpu;
  }

  /**
   * Takes the first that {@code cpu} may run now: affinity allows it, and no other CPU holds it.
   */
  @Nullable Vcpu takeFirst(Cpu cpu) {
    for (Vcpu vcpu = first; vcpu != null; vcpu = vcpu.nextInQueue) {
      Cpu holder = vcpu.loadedOn;
      if ((holder == null || holder == cpu) && vcpu.mayRunOn(cpu)) {
        remove(vcpu);
        return vcpu;
      }
    }
    return null;
  }

  void remove(Vcpu vcpu) {
    Vcpu before = null;
    for (Vcpu at = first; at != null; at = at.nextInQueue) {
      if (at == vcpu) {
        if (before == null) {
          first = vcpu.nextInQueue;
        } else {
          before.nextInQueue = vcpu.nextInQueue;
        }
        if (last == vcpu) {
          last = before;
        }
        vcpu.nextInQueue = null;
        return;
      }
      before = at;
    }
  }
}
