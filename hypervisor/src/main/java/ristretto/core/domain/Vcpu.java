package ristretto.core.domain;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ristretto.arch.Pstate;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.event.VcpuEvents;
import ristretto.core.interrupt.VgicCpu;
import ristretto.core.sched.Candidate;
import ristretto.core.sched.Residence;
import ristretto.core.sched.Scheduler;
import ristretto.core.time.GuestTimer;
import ristretto.core.time.Runstate;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.FloatingPoint;
import ristretto.machine.Memory;

/** A virtual CPU. */
public final class Vcpu {
  /** Bytes of raw memory that a vCPU needs: frame, then floating-point registers. */
  public static final int BLOCK_SIZE = TrapFrame.SIZEOF + FloatingPoint.BLOCK_SIZE;

  private static final TrapFrame NO_FRAME = new TrapFrame(0);

  public final Domain domain;

  /** Number within the domain. */
  public final int id;

  /** MPIDR_EL1 as the guest reads it. */
  public final long mpidr;

  /** General registers while the vCPU is not running. */
  public TrapFrame frame = NO_FRAME;

  /** Hypervisor address of the floating-point registers while another vCPU's are loaded. */
  long floatingPoint;

  /** Its interrupts. */
  public final VgicCpu vgic;

  /** Its timers. */
  public final GuestTimer timer = new GuestTimer(this);

  /** EL1 registers while another vCPU's are loaded. */
  public final El1Context el1 = new El1Context();

  /** Why it may not run, a bit each of {@link PauseReason}; it may when 0. */
  public final AtomicInteger pauses = new AtomicInteger(PauseReason.OFFLINE);

  public final VcpuEvents events = new VcpuEvents(this);

  /** How long it ran, waited and blocked, and the guest's copy of that. */
  public final Runstate runstate = new Runstate(this);

  /** Bit n: may run on CPU n, where its pool has that. See {@link Scheduler#setAffinity}. */
  public volatile long affinity = -1;

  /** Bit n: would best run on CPU n. */
  public volatile long softAffinity = -1;

  /** Written under the scheduler's lock. */
  public volatile Residence residence = Residence.PARKED;

  /** Where it runs, waits, or ran last. Guarded by the scheduler's lock. */
  public Cpu cpu;

  /** What the scheduler knows of it. */
  public final Candidate candidate;

  /** The CPU that holds its registers; written by that CPU alone, null released after saving. */
  public volatile @Nullable Cpu loadedOn;

  /** HCR_EL2.VSE while another vCPU is loaded. */
  long systemError;

  /** Its floating-point registers are in the CPU that has it loaded. Private to that CPU. */
  boolean usesFloatingPoint;

  /** Guarded by the toolstack's lock, but that it only becomes true while the vCPU starts. */
  boolean initialised;

  /** A vCPU that {@link #open} makes usable. */
  @BootOnly
  public Vcpu(Domain domain, int id) {
    this.domain = domain;
    this.vgic = new VgicCpu(this);
    this.id = id;
    this.mpidr = Domain.mpidrOf(id);
    this.cpu = Cpu.current();
    this.candidate = new Candidate(this);
  }

  /**
   * A new life, offline.
   *
   * @param block hypervisor address of {@link #BLOCK_SIZE} zeroed bytes, aligned to 16
   * @param first where it is queued first
   */
  public void open(long block, Cpu first) {
    frame = new TrapFrame(block);
    floatingPoint = block + TrapFrame.SIZEOF;
    usesFloatingPoint = false;
    initialised = false;
    cpu = first;
    el1.reset();
    timer.reset();
    runstate.open();
    pauses.set(PauseReason.OFFLINE);
    Scheduler.enter(this);
  }

  /** Its domain ends. Returns the block. */
  long close() {
    timer.reset();
    long block = frame.address();
    frame = NO_FRAME;
    floatingPoint = 0;
    return block;
  }

  @Inline
  public boolean mayRunOn(Cpu physical) {
    return candidate.mayRunOn(physical);
  }

  /** Who it is in a trace record: the domain's number, then its own. */
  public int traceId() {
    return domain.id << 16 | id;
  }

  /** PSCI: it has been started, and has not switched itself off and left its CPU. */
  public boolean isOnline() {
    return (pauses.get() & PauseReason.OFFLINE) == 0 || loadedOn != null;
  }

  /** It does not only wait for an interrupt: it may not run before somebody says so. */
  public boolean isStopped() {
    return (pauses.get() & ~PauseReason.BLOCKED) != 0;
  }

  /** PSCI: not started, or has switched itself off. */
  public boolean isOffline() {
    return (pauses.get() & PauseReason.OFFLINE) != 0;
  }

  /**
   * Starts an offline vCPU at EL1 with everything off, as PSCI CPU_ON and the boot protocol say: PC
   * = {@code entry}, x0 = {@code argument}. Exactly one of several callers succeeds.
   *
   * @return false if it was started already
   */
  public boolean start(long entry, long argument) {
    if (!claimOffline()) {
      return false;
    }
    reset();
    frame.setX(0, argument);
    frame.setElr(entry);
    frame.setSpsr(Pstate.MODE_EL1H | Pstate.DAIF);
    Scheduler.resume(this, PauseReason.OFFLINE | PauseReason.STARTING | PauseReason.BLOCKED);
    return true;
  }

  /** All that a CPU's reset makes known is so. It is on no CPU. */
  void reset() {
    initialised = true;
    Memory.zero(frame.address(), BLOCK_SIZE);
    el1.reset();
    systemError = 0;
    vgic.resetInterface();
    timer.reset();
  }

  /** It has, or had, registers to run with: by PSCI or by its controller. */
  public boolean isInitialised() {
    return initialised;
  }

  /** Offline becomes offline-and-starting, for one caller, once the vCPU has left its CPU. */
  private boolean claimOffline() {
    int seen = pauses.get();
    return (seen & PauseReason.OFFLINE) != 0
        && (seen & PauseReason.STARTING) == 0
        && loadedOn == null
        && pauses.compareAndSet(seen, seen | PauseReason.STARTING);
  }

  /**
   * Steps over the trapped instruction.
   *
   * @param size its bytes, 2 or 4
   */
  @Inline
  public void advance(int size) {
    frame.setElr(frame.elr() + size);
    frame.setSpsr(Pstate.afterInstruction(frame.spsr()));
  }
}
