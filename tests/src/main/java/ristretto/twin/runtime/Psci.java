package ristretto.twin.runtime;

import ristretto.machine.Firmware;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;

/** The two calls of PSCI that a twin image makes. Arm DEN 0022, "CPU_ON", "SYSTEM_OFF". */
final class Psci {
  private static final long SYSTEM_OFF = 0x8400_0008L;
  private static final long CPU_ON = 0xc400_0003L;

  /** Where the branch to the secondary CPUs' entry is: behind the header of the Image. */
  private static final int SECONDARY_ENTRY = 64;

  /** A call block in RAM that nobody else uses. */
  private static final long BLOCK = 0x4f00_0000L;

  private Psci() {}

  static void start(int cpu) {
    long loadAddress = Memory.load64(ImageSymbol.LOAD_ADDRESS.address());
    call(CPU_ON, cpu, loadAddress + SECONDARY_ENTRY, cpu);
  }

  static void powerOff() {
    call(SYSTEM_OFF, 0, 0, 0);
  }

  private static void call(long function, long a, long b, long c) {
    Memory.zero(BLOCK, Firmware.BLOCK_SIZE);
    Memory.store64(BLOCK, function);
    Memory.store64(BLOCK + 8, a);
    Memory.store64(BLOCK + 16, b);
    Memory.store64(BLOCK + 24, c);
    Firmware.call(BLOCK);
  }
}
