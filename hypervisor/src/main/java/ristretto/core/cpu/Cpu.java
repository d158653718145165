package ristretto.core.cpu;

import org.jspecify.annotations.Nullable;
import ristretto.core.domain.Vcpu;
import ristretto.lang.AssemblyConstants;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.CpuLocal;

/**
 * A physical CPU. The plain fields belong to that CPU alone; what others read or write is in {@link
 * #shared}.
 */
@AssemblyConstants
public final class Cpu {
  /**
   * Offset of {@link #emergencyTop} in the object, for the vector code: the first 8-byte field
   * follows the object header. {@link Cpus} checks it while booting.
   */
  public static final int EMERGENCY_STACK = 8;

  /** Bytes of the block for copied-in hypercall arguments: one page. */
  public static final int SCRATCH_SIZE = 4096;

  /** Hypervisor address of the first byte above this CPU's emergency stack. */
  public final long emergencyTop;

  /** Position in {@link Cpus}; the boot CPU is 0. */
  public final int index;

  /** MPIDR_EL1 affinity fields, as the device tree's {@code reg}. */
  public final long mpidr;

  /** Hypervisor address of the first byte above this CPU's stack. */
  public final long stackTop;

  /** Hypervisor address of {@link #SCRATCH_SIZE} bytes for what the current trap copies in or out. */
  public final long scratch;

  public final Shared shared = new Shared();

  /** The vCPU whose registers are loaded; stays set while this CPU idles. */
  public @Nullable Vcpu vcpu;

  /** Ranks of the locks held, for the order check and for containment of faults. */
  public final HeldLocks heldLocks = new HeldLocks();

  @BootOnly
  public Cpu(int index, long mpidr, long stackTop, long scratch) {
    this.emergencyTop = CpuStacks.emergencyTop(index);
    this.index = index;
    this.mpidr = mpidr;
    this.stackTop = stackTop;
    this.scratch = scratch;
  }

  /** The CPU that runs this code. */
  @Inline
  public static Cpu current() {
    return (Cpu) CpuLocal.get();
  }

  /** What other CPUs may touch, each with its ordering. */
  public static final class Shared {
    /** Set (release) by anyone who wants this CPU to choose again; cleared by the scheduler. */
    public volatile boolean reschedule;

    /** Set (release) once the CPU takes part in scheduling. */
    public volatile boolean online;
  }
}
