package ristretto.machine;

import org.jspecify.annotations.Nullable;
import ristretto.lang.HostOnly;

/** What the intrinsics' Java bodies ask on the JVM: one simulated CPU's view of the machine. */
@HostOnly
public interface Machine {
  /** Reads {@code size} bytes (1, 2, 4 or 8) at a physical address, zero-extended. */
  long load(long address, int size);

  /** Writes the low {@code size} bytes (1, 2, 4 or 8) of {@code value} at a physical address. */
  void store(long address, int size, long value);

  /**
   * Stores {@code update} if the {@code size} bytes equal {@code expected}; returns what was there.
   */
  long compareAndExchange(long address, int size, long expected, long update);

  /** Copies between two blocks of RAM that do not overlap. */
  void copy(long target, long source, long size);

  /** Fills a block of RAM with zero. */
  void zero(long target, long size);

  long readSystemRegister(SysReg register);

  void writeSystemRegister(SysReg register, long value);

  /** A barrier, TLB or cache operation; recorded, so that a test can assert the sequence. */
  void maintain(Maintenance operation, long argument);

  /** Suspends this CPU until an interrupt or event is pending. */
  void waitForInterrupt();

  /** Another CPU may run here: the seeded scheduler's switch point. */
  void yieldPoint();

  /** This CPU may be held up for long here, as by its firmware, while others go on. */
  default void interleave() {}

  /** SMC: {@code block} holds x0 to x17 as 64-bit words in and x0 to x17 out (SMCCC). */
  void secureMonitorCall(long block);

  /** Where the simulated image has its parts. */
  long imageSymbol(ImageSymbol symbol);

  /** AT: leaves PAR_EL1; {@code both} applies stage 2 after stage 1. */
  void translate(long virtualAddress, boolean write, boolean both);

  void saveFloatingPoint(long block);

  void restoreFloatingPoint(long block);

  @Nullable Object cpuLocal();

  void setCpuLocal(Object value);

  /** The machine of the simulated CPU that the calling thread is. */
  static Machine current() {
    Machine machine = Current.MACHINE.get();
    if (machine == null) {
      throw new IllegalStateException("no simulated machine: run this inside SimulatedMachine.run");
    }
    return machine;
  }

  /** Makes the calling thread a CPU of {@code machine}; null ends that. */
  static void enter(@Nullable Machine machine) {
    Current.MACHINE.set(machine);
  }

  /** Holds the thread's machine. */
  @HostOnly
  final class Current {
    private static final ThreadLocal<@Nullable Machine> MACHINE = new ThreadLocal<>();

    private Current() {}
  }

  /** Operations that have no result: what the simulated machine records. */
  @HostOnly
  enum Maintenance {
    DSB_SY,
    DSB_ISH,
    DSB_ISHST,
    DSB_NSHST,
    DMB_ISH,
    DMB_ISHST,
    DMB_ISHLD,
    ISB,
    TAKE_SERRORS,
    TLBI_ALLE2,
    TLBI_VAE2IS,
    TLBI_VMALLE1,
    TLBI_VMALLS12E1,
    TLBI_VMALLS12E1IS,
    TLBI_IPAS2E1IS,
    TLBI_VMALLE1IS,
    TLBI_ALLE1IS,
    DC_CVAC,
    DC_CIVAC,
    DC_IVAC,
    DC_ZVA,
    IC_IALLUIS,
    SEV
  }
}
