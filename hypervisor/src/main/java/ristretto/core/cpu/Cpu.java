package ristretto.core.cpu;

import org.jspecify.annotations.Nullable;
import ristretto.core.domain.IdRegisters;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Pool;
import ristretto.core.sched.SliceTimer;
import ristretto.core.time.TimerQueue;
import ristretto.core.trace.TraceBuffer;
import ristretto.lang.AssemblyConstants;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.CpuLocal;

/** A physical CPU. Fields belong to that CPU alone unless they say whose lock guards them. */
@AssemblyConstants
public final class Cpu {
  /** Of {@link #exitWork}: choose again. */
  private static final int RESCHEDULE = 1;

  /** Of {@link #exitWork}: a record of what was served. */
  private static final int RECORD = 2;

  /**
   * Offset of {@link #emergencyTop} in the object, for the vector code: the first 8-byte field
   * follows the object header. {@link Cpus} checks it while booting.
   */
  public static final int EMERGENCY_STACK = 8;

  /** The same of {@link #systemErrorWindow} and {@link #systemErrorTaken}, which follow it. */
  public static final int SERROR_WINDOW = 16;

  public static final int SERROR_TAKEN = 24;

  /** Bytes of the block for copied-in hypercall arguments: one page. */
  public static final int SCRATCH_SIZE = 4096;

  /** Hypervisor address of the first byte above this CPU's emergency stack. */
  public final long emergencyTop;

  /**
   * Not 0: an SError that is taken now is the leaving guest's. See {@code
   * ristretto.core.domain.SystemErrors}.
   */
  public long systemErrorWindow;

  /** Written by the vector code: not 0 after an SError in that window. */
  public long systemErrorTaken;

  /** Position in {@link Cpus}; the boot CPU is 0. */
  public final int index;

  /** MPIDR_EL1 affinity fields, as the device tree's {@code reg}. */
  public final long mpidr;

  /** Hypervisor address of the first byte above this CPU's stack. */
  public final long stackTop;

  /**
   * Rounds of the loop that discards a guest's branch history on entry, 0 where there is no such
   * loop. Set before the CPU runs a guest.
   */
  public int historyRounds;

  /**
   * Hypervisor address of {@link #SCRATCH_SIZE} bytes for what the current trap copies in or out.
   */
  public final long scratch;

  /** The lock taken last of those held, null when none is; see {@link HeldLocks}. */
  @Nullable SpinLock innermostLock;

  /**
   * Odd while this CPU uses stage 2 entries without their lock. Written by this CPU alone; see
   * {@code ristretto.core.mm.Stage2Readers}.
   */
  public volatile int stage2Reads;

  /** The vCPU whose registers are loaded; stays set while this CPU idles. */
  public @Nullable Vcpu vcpu;

  /**
   * What is to be done before the next return to a guest, {@link #RESCHEDULE} and {@link #RECORD}:
   * one look for all on the way out of a trap. Only this CPU writes it.
   */
  private int exitWork;

  /** The running vCPU lets others go first. */
  public boolean yielded;

  /** The vCPU that runs, null while idle. Guarded by the scheduler's lock. */
  public @Nullable Vcpu running;

  /** Whose vCPUs it runs. Guarded by the scheduler's lock. */
  public Pool pool = Pool.FIRST;

  /** Somebody waited when its running vCPU was chosen. Guarded by the scheduler's lock. */
  public boolean contended;

  /** Ends the turn of the running vCPU when others wait. */
  public final SliceTimer slice = new SliceTimer();

  /** What happens here is recorded in {@link #trace}. Written by any CPU: late is soon enough. */
  public boolean tracing;

  public final TraceBuffer trace = new TraceBuffer();

  public final TimerQueue timers = new TimerQueue();

  /** {@link #servedInterrupt}: none. */
  public static final int NO_INTERRUPT = -1;

  /** What the interrupt controller answered for the interrupt whose handler runs. */
  public int servedInterrupt = NO_INTERRUPT;

  /** Counter ticks that this CPU had nothing to do, up to the last time it had something. */
  private long idleTicks;

  /** Counter when it ran out of work; 0 while it has some. Written by the CPU itself. */
  private volatile long idleSince;

  /** A fault of the hypervisor is being reported. */
  public boolean faulting;

  /** What guests read of it: CPUs that have the same are of one class. */
  public final IdRegisters idRegisters = new IdRegisters();

  /** Number of its class, the boot CPU's being 0. See {@code CpuClasses}. */
  public int kind;

  /** Bit n: a vCPU may change from this CPU to CPU n. */
  public int peers = -1;

  /** Takes part in scheduling; set once, released by the CPU itself. */
  public volatile boolean online;

  @BootOnly
  public Cpu(int index, long mpidr, long stackTop, long scratch) {
    this.emergencyTop = CpuStacks.emergencyTop(index);
    this.index = index;
    this.mpidr = mpidr;
    this.stackTop = stackTop;
    this.scratch = scratch;
  }

  /** It has nothing to do, from now on or already, until {@link #endIdle}. */
  public void beginIdle(long now) {
    if (idleSince == 0) {
      idleSince = now;
    }
  }

  public void endIdle(long now) {
    if (idleSince != 0) {
      idleTicks += now - idleSince;
      idleSince = 0;
    }
  }

  /** How long it has had nothing to do, in counter ticks. Another CPU may ask: an estimate then. */
  public long idleTicks(long now) {
    long since = idleSince;
    return since == 0 ? idleTicks : idleTicks + now - since;
  }

  /** The CPU that runs this code. Early in boot there is none, and using it is a fault. */
  @Inline
  @SuppressWarnings("NullAway") // every use of it is the check
  public static Cpu current() {
    return (Cpu) CpuLocal.get();
  }

  /** The vCPU whose trap is being served; with none, using it is a fault. */
  @Inline
  @SuppressWarnings("NullAway") // every use of it is the check
  public Vcpu servedVcpu() {
    return vcpu;
  }

  /** Something is to be done before the next return to a guest. */
  @Inline
  public boolean hasExitWork() {
    return exitWork != 0;
  }

  /** Who runs here is to be chosen again before the next return to a guest. */
  @Inline
  public boolean mustReschedule() {
    return (exitWork & RESCHEDULE) != 0;
  }

  @Inline
  public void askToReschedule() {
    exitWork |= RESCHEDULE;
  }

  @Inline
  public void forgetReschedule() {
    exitWork &= ~RESCHEDULE;
  }

  /** What is served now is to be recorded in {@link #trace} when it has been. */
  public void askToRecord() {
    exitWork |= RECORD;
  }

  /** True once after {@link #askToRecord}. */
  public boolean takeRecord() {
    boolean asked = (exitWork & RECORD) != 0;
    exitWork &= ~RECORD;
    return asked;
  }
}
