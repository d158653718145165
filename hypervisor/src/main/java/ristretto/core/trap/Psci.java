package ristretto.core.trap;

import org.jspecify.annotations.Nullable;
import ristretto.arch.PsciFunction;
import ristretto.arch.Smccc;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.lang.Inline;

/** PSCI 1.1 as a domain sees it: it acts on that domain's vCPUs only. Arm DEN 0022. */
final class Psci {
  private Psci() {}

  /** Standard secure service calls 0 to 0x1f, 32-bit and 64-bit. */
  static boolean isFunction(int function) {
    return (function & 0xbfff_ffe0) == 0x8400_0000;
  }

  /** Returns what the caller finds in x0, if it goes on. */
  @Inline
  static long call(Vcpu vcpu, TrapFrame frame, int function) {
    return switch (function) {
      case PsciFunction.PSCI_VERSION -> PsciFunction.VERSION_1_1;
      case PsciFunction.MIGRATE_INFO_TYPE -> PsciFunction.NO_MIGRATION;
      default -> other(vcpu, frame, function);
    };
  }

  @Cold
  private static long other(Vcpu vcpu, TrapFrame frame, int function) {
    Domain domain = vcpu.domain;
    return switch (function) {
      case PsciFunction.PSCI_FEATURES -> features((int) frame.x(1));
      case PsciFunction.CPU_ON_32 -> cpuOn(domain, word(frame, 1), word(frame, 2), word(frame, 3));
      case PsciFunction.CPU_ON_64 -> cpuOn(domain, frame.x(1), frame.x(2), frame.x(3));
      case PsciFunction.AFFINITY_INFO_32 -> affinityInfo(domain, word(frame, 1), word(frame, 2));
      case PsciFunction.AFFINITY_INFO_64 -> affinityInfo(domain, frame.x(1), frame.x(2));
      case PsciFunction.CPU_SUSPEND_32, PsciFunction.CPU_SUSPEND_64 -> cpuSuspend(vcpu);
      case PsciFunction.CPU_OFF -> cpuOff(vcpu);
      case PsciFunction.SYSTEM_OFF -> shutdown(domain, ShutdownReason.POWEROFF);
      case PsciFunction.SYSTEM_RESET,
          PsciFunction.SYSTEM_RESET2_32,
          PsciFunction.SYSTEM_RESET2_64 ->
          shutdown(domain, ShutdownReason.REBOOT);
      default -> PsciFunction.NOT_SUPPORTED;
    };
  }

  private static long word(TrapFrame frame, int register) {
    return Bits.get(frame.x(register), 31, 0);
  }

  private static long features(int function) {
    return switch (function) {
      case PsciFunction.PSCI_VERSION,
          PsciFunction.CPU_SUSPEND_32,
          PsciFunction.CPU_SUSPEND_64,
          PsciFunction.CPU_OFF,
          PsciFunction.CPU_ON_32,
          PsciFunction.CPU_ON_64,
          PsciFunction.AFFINITY_INFO_32,
          PsciFunction.AFFINITY_INFO_64,
          PsciFunction.MIGRATE_INFO_TYPE,
          PsciFunction.SYSTEM_OFF,
          PsciFunction.SYSTEM_RESET,
          PsciFunction.SYSTEM_RESET2_32,
          PsciFunction.SYSTEM_RESET2_64,
          PsciFunction.PSCI_FEATURES,
          Smccc.VERSION ->
          PsciFunction.SUCCESS;
      default -> PsciFunction.NOT_SUPPORTED;
    };
  }

  private static long cpuOn(Domain domain, long mpidr, long entry, long context) {
    Vcpu target = domain.vcpuByMpidr(mpidr);
    if (target == null) {
      return PsciFunction.INVALID_PARAMETERS;
    }
    if (!Bits.isAligned(entry, 4) || !domain.p2m.isRam(entry)) {
      return PsciFunction.INVALID_ADDRESS;
    }
    return target.start(entry, context) ? PsciFunction.SUCCESS : PsciFunction.ALREADY_ON;
  }

  private static long affinityInfo(Domain domain, long mpidr, long level) {
    @Nullable Vcpu target = domain.vcpuByMpidr(mpidr);
    if (target == null || level != 0) {
      return PsciFunction.INVALID_PARAMETERS;
    }
    return target.isOnline() ? PsciFunction.ON : PsciFunction.OFF;
  }

  /** A standby state: execution goes on behind the call. */
  private static long cpuSuspend(Vcpu vcpu) {
    Blocking.waitForInterrupt(vcpu);
    return PsciFunction.SUCCESS;
  }

  private static long cpuOff(Vcpu vcpu) {
    Scheduler.pause(vcpu, PauseReason.OFFLINE);
    return PsciFunction.SUCCESS;
  }

  private static long shutdown(Domain domain, int reason) {
    domain.shutdown(reason);
    return PsciFunction.SUCCESS;
  }
}
