package ristretto.core.cpu;

import ristretto.arch.PsciFunction;
import ristretto.arch.Smccc;
import ristretto.machine.Firmware;
import ristretto.machine.Memory;

/** The firmware below us, by SMC. Arm DEN 0022 (PSCI), DEN 0028 (calling convention). */
public final class PhysicalPsci {
  private static boolean usable;
  private static long cpuOnFunction = PsciFunction.CPU_ON_64 & 0xffff_ffffL;

  private PhysicalPsci() {}

  /**
   * What the device tree says of the firmware.
   *
   * @param isUsable the device tree names a PSCI that is called by SMC
   * @param cpuOn function number of CPU_ON
   */
  public static void configure(boolean isUsable, long cpuOn) {
    usable = isUsable;
    cpuOnFunction = cpuOn;
  }

  public static boolean isUsable() {
    return usable;
  }

  /**
   * Starts a CPU at a physical address with the MMU off.
   *
   * @param argument what it finds in x0
   * @return {@link PsciFunction#SUCCESS} or a negative status
   */
  public static int cpuOn(long mpidr, long entry, long argument) {
    return (int) call(cpuOnFunction, mpidr, entry, argument);
  }

  /** Switches the machine off; returns only if the firmware cannot. */
  public static void systemOff() {
    long _ = call(PsciFunction.SYSTEM_OFF & 0xffff_ffffL, 0, 0, 0);
  }

  /** Resets the machine; returns only if the firmware cannot. */
  public static void systemReset() {
    long _ = call(PsciFunction.SYSTEM_RESET & 0xffff_ffffL, 0, 0, 0);
  }

  /**
   * What the firmware answers to ARCH_FEATURES on this CPU: 0, {@link Smccc#NOT_REQUIRED_HERE}, or
   * negative. DEN 0028, "Discovery": only a firmware whose PSCI lists SMCCC_VERSION may be asked.
   */
  static int archFeature(int function) {
    if ((int) call(PsciFunction.PSCI_FEATURES & 0xffff_ffffL, Smccc.VERSION & 0xffff_ffffL, 0, 0)
            < 0
        || (int) call(Smccc.VERSION & 0xffff_ffffL, 0, 0, 0) < Smccc.VERSION_1_1) {
      return Smccc.NOT_SUPPORTED;
    }
    return (int) call(Smccc.ARCH_FEATURES & 0xffff_ffffL, function & 0xffff_ffffL, 0, 0);
  }

  static long call(long function, long a1, long a2, long a3) {
    if (!usable) {
      return PsciFunction.NOT_SUPPORTED;
    }
    long block = Cpu.current().scratch;
    Memory.zero(block, Firmware.BLOCK_SIZE);
    Memory.store64(block, function);
    Memory.store64(block + 8, a1);
    Memory.store64(block + 16, a2);
    Memory.store64(block + 24, a3);
    Firmware.call(block);
    return Memory.load64(block);
  }
}
