package ristretto.core.domain;

import ristretto.core.console.Log;
import ristretto.core.console.LogLine;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.sched.Pools;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;

/**
 * Classes of CPUs: those are of one in which a guest reads the same. What a kernel finds out about
 * its CPU when that starts, errata and caches included, has to stay true, so that a vCPU keeps to
 * the class that it begins to run on. docs/adr/0015.
 */
public final class CpuClasses {
  private CpuClasses() {}

  /**
   * All CPUs that will come have come.
   *
   * @param mixed {@code hmp-unsafe}: vCPUs go wherever there is room, whatever they read there
   */
  @BootOnly
  public static void form(boolean mixed) {
    int present = 0;
    int classes = 0;
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      cpu.peers = 0;
      if (cpu.online) {
        Cpu like = firstLike(cpu);
        cpu.kind = like == cpu ? classes++ : like.kind;
        like.peers |= 1 << i;
        present |= 1 << i;
      } else {
        Pools.leaveOut(cpu);
      }
    }
    boolean one = classes == 1;
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      if (cpu.online) {
        Cpu first = firstLike(cpu);
        cpu.peers = first.peers;
        if (first == cpu && !one) {
          print(Log.info().text("class ").dec(cpu.kind).text(": MIDR "), cpu);
        }
      }
    }
    if (mixed && !one) {
      mix(present);
    }
  }

  /** The first CPU of its class. */
  @BootOnly
  private static Cpu firstLike(Cpu cpu) {
    int i = 0;
    while (!Cpus.get(i).online || !Cpus.get(i).idRegisters.isLike(cpu.idRegisters)) {
      i++;
    }
    return Cpus.get(i);
  }

  @BootOnly
  private static void print(LogLine line, Cpu first) {
    list(line.hex(first.idRegisters.midr()).text(", CPUs"), first.peers).end();
  }

  /** Guests are offered what all CPUs have. MIDR_EL1 and caches are those of the CPU, as in Xen. */
  @BootOnly
  private static void mix(int present) {
    Log.warn().text("hmp-unsafe: vCPUs change between classes of CPUs").end();
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      cpu.peers = present;
      for (int other = 0; other < Cpus.count(); other++) {
        if (Cpus.get(other).online) {
          cpu.idRegisters.limitTo(Cpus.get(other).idRegisters);
        }
      }
    }
  }

  /** CPUs of the class that has most. */
  @Cold
  public static int largest() {
    int most = 0;
    for (int i = 0; i < Cpus.count(); i++) {
      int size = 0;
      for (int other = 0; other < Cpus.count(); other++) {
        Cpu cpu = Cpus.get(other);
        size += cpu.online && cpu.kind == i ? 1 : 0;
      }
      most = Math.max(most, size);
    }
    return most;
  }

  /** The numbers of the CPUs in a bit set. */
  @Cold
  static LogLine list(LogLine line, int cpus) {
    for (int i = 0; i < Cpus.count(); i++) {
      if ((cpus >>> i & 1) != 0) {
        line.text(" ").dec(i);
      }
    }
    return line;
  }

  /** Why something is refused that would take {@code vcpu} away from the CPUs of its class. */
  @Cold
  public static void refuse(Vcpu vcpu) {
    LogLine line =
        Log.warn()
            .text("refused: d")
            .dec(vcpu.domain.id)
            .text("v")
            .dec(vcpu.id)
            .text(" has run on a class of CPUs and keeps to those:");
    list(line, vcpu.candidate.peers()).end();
  }
}
