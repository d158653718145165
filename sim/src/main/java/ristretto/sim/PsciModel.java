package ristretto.sim;

import java.util.function.LongConsumer;
import ristretto.machine.SysReg;

/**
 * Firmware that knows PSCI 1.1 and nothing else. Arm DEN 0022; function numbers from "Function
 * prototypes", results from "Return error codes".
 */
public final class PsciModel implements SecureMonitor {
  private static final int VERSION = 0x8400_0000;
  private static final int CPU_OFF = 0x8400_0002;
  private static final int CPU_ON = 0xc400_0003;
  private static final int AFFINITY_INFO = 0xc400_0004;
  private static final int SYSTEM_OFF = 0x8400_0008;
  private static final int SYSTEM_RESET = 0x8400_0009;
  private static final int FEATURES = 0x8400_000a;
  private static final int SMCCC_VERSION = 0x8000_0000;

  private static final long AFFINITY = 0xff_00ff_ffffL;
  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETERS = -2;
  private static final long ALREADY_ON = -4;

  @Override
  public void call(SimulatedCpu cpu, long[] x) {
    SimulatedMachine machine = cpu.machine();
    x[0] =
        switch ((int) x[0]) {
          case VERSION -> 0x1_0001;
          case SMCCC_VERSION -> 0x1_0002;
          case FEATURES -> isKnown((int) x[1]) ? 0 : NOT_SUPPORTED;
          case CPU_ON -> cpuOn(machine, x[1], x[2], x[3]);
          case AFFINITY_INFO -> affinityInfo(machine, x[1]);
          case CPU_OFF -> throw machine.stopCpu();
          case SYSTEM_OFF -> throw machine.end(Outcome.POWER_OFF);
          case SYSTEM_RESET -> throw machine.end(Outcome.RESET);
          default -> NOT_SUPPORTED;
        };
  }

  private static boolean isKnown(int function) {
    return switch (function) {
      case VERSION,
          SMCCC_VERSION,
          FEATURES,
          CPU_ON,
          AFFINITY_INFO,
          CPU_OFF,
          SYSTEM_OFF,
          SYSTEM_RESET ->
          true;
      default -> false;
    };
  }

  private static long cpuOn(SimulatedMachine machine, long target, long address, long context) {
    int cpu = find(machine, target);
    if (cpu < 0) {
      return INVALID_PARAMETERS;
    }
    if (!machine.isOff(cpu)) {
      return ALREADY_ON;
    }
    LongConsumer code = machine.entryAt(address);
    if (code == null) {
      throw new SimulationError(
          "CPU_ON: no Java code is the entry 0x%x; see SimulatedMachine.entry".formatted(address));
    }
    machine.startCpu(cpu, () -> code.accept(context));
    return 0;
  }

  private static long affinityInfo(SimulatedMachine machine, long target) {
    int cpu = find(machine, target);
    return cpu < 0 ? INVALID_PARAMETERS : machine.isOff(cpu) ? 1 : 0;
  }

  private static int find(SimulatedMachine machine, long target) {
    for (int i = 0; i < machine.cpuCount(); i++) {
      if ((machine.cpu(i).register(SysReg.MPIDR_EL1) & AFFINITY) == target) {
        return i;
      }
    }
    return -1;
  }
}
