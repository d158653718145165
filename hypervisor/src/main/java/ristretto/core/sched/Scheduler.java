package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.ContextSwitch;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.mm.Frames;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.SysReg;

/**
 * Who may run, and the way from one vCPU to the next. In which order they run is their pool's
 * {@link Policy}.
 *
 * <p>One lock guards the ready queue, what each CPU runs and every {@link Vcpu#residence}; it is
 * held for one decision. A vCPU whose registers are still in a CPU ({@link Vcpu#loadedOn}) is in no
 * queue and runs nowhere else until that CPU has saved them.
 */
public final class Scheduler {
  static final SpinLock LOCK = new SpinLock(LockRank.SCHEDULER);

  private Scheduler() {}

  /** {@code vcpu} may not run, for {@code reasons}; if it runs now it stops at its next exit. */
  public static void pause(Vcpu vcpu, int reasons) {
    set(vcpu, reasons);
    LOCK.lock();
    Residence residence = vcpu.residence;
    if (residence == Residence.RUNNING) {
      Placement.ask(vcpu.cpu);
    } else if (residence != Residence.PARKED) {
      Placement.withdraw(vcpu);
      long now = SysReg.CNTPCT_EL0.read();
      vcpu.residence = Residence.PARKED;
      vcpu.runstate.enter(RunstateInfo.OFFLINE, now);
      vcpu.candidate.policy().rest(vcpu.candidate, reasons, now);
    } else {
      vcpu.candidate.policy().rest(vcpu.candidate, reasons, SysReg.CNTPCT_EL0.read());
    }
    LOCK.unlock();
  }

  /** Ends {@code reasons} for which {@code vcpu} may not run; with the last one it is ready. */
  public static void resume(Vcpu vcpu, int reasons) {
    clear(vcpu, reasons);
    LOCK.lock();
    if (vcpu.residence == Residence.PARKED && vcpu.pauses.get() == 0) {
      Placement.ready(vcpu, SysReg.CNTPCT_EL0.read());
    }
    LOCK.unlock();
  }

  /**
   * Gets a vCPU that may not run, and will not be let, out of its CPU, registers and all.
   *
   * @return true when it is out; false: its CPU has been told, ask again
   */
  @Cold
  public static boolean evict(Vcpu vcpu) {
    LOCK.lock();
    boolean running = vcpu.residence == Residence.RUNNING;
    Cpu holder = running ? vcpu.cpu : vcpu.loadedOn; // one that is chosen may not be loaded yet
    if (holder != null) {
      Placement.ask(holder);
    }
    LOCK.unlock();
    return holder == null;
  }

  /** An interrupt or event is there for {@code vcpu}: it blocks no longer. Any CPU may call. */
  @Inline
  public static void wake(Vcpu vcpu) {
    if ((vcpu.pauses.get() & PauseReason.BLOCKED) != 0) {
      resume(vcpu, PauseReason.BLOCKED);
    }
  }

  /**
   * The running vCPU waits until {@link #wake}. The caller checks afterwards whether what it waits
   * for has come in the meantime, and wakes it then: the wake after the block is never lost.
   */
  public static void block(Vcpu vcpu) {
    set(vcpu, PauseReason.BLOCKED);
    Cpu.current().askToReschedule();
  }

  /** The running vCPU lets the others of its CPU go first. */
  public static void letOthersRun(Cpu cpu) {
    cpu.yielded = true;
    cpu.askToReschedule();
  }

  /** The boot CPU can be given work from now on, and will {@link #choose} soon. */
  @BootOnly
  public static void open(Cpu cpu) {
    cpu.online = true;
    Placement.setIdle(cpu);
    cpu.beginIdle(SysReg.CNTPCT_EL0.read());
  }

  /** A vCPU that does not run begins a life in its domain's pool, with every CPU of that. */
  @Cold
  public static void enter(Vcpu vcpu) {
    LOCK.lock();
    vcpu.candidate.startedAt = 0;
    Placement.unpin(vcpu.candidate);
    vcpu.candidate.policy().join(vcpu.candidate, SysReg.CNTPCT_EL0.read());
    LOCK.unlock();
  }

  /**
   * From now on {@code vcpu} runs on the CPUs of the bit set {@code hard} alone, and on those of
   * {@code soft} rather than on others.
   *
   * @return false, and nothing changes: {@code hard} has no CPU of the class that it runs on
   */
  @Cold
  public static boolean setAffinity(Vcpu vcpu, long hard, long soft) {
    LOCK.lock();
    boolean possible = !vcpu.candidate.isStrangerTo((int) hard);
    if (possible) {
      vcpu.affinity = hard;
      vcpu.softAffinity = soft;
      restrict(vcpu, SysReg.CNTPCT_EL0.read());
    }
    LOCK.unlock();
    return possible;
  }

  /** Nanoseconds that {@code vcpu} has run. */
  @Cold
  public static long timeRun(Vcpu vcpu) {
    LOCK.lock();
    long now = SysReg.CNTPCT_EL0.read();
    long time = vcpu.runstate.nanosecondsIn(RunstateInfo.RUNNING, now);
    LOCK.unlock();
    return time;
  }

  /** Its affinity or its pool's CPUs have changed. The lock is held. */
  @Cold
  static void restrict(Vcpu vcpu, long now) {
    boolean queued = vcpu.residence == Residence.QUEUED;
    if (queued) {
      Placement.READY.remove(vcpu.candidate);
    }
    Placement.restrict(vcpu.candidate);
    if (queued) {
      Placement.ready(vcpu, now);
    } else if (vcpu.residence == Residence.RUNNING || vcpu.residence == Residence.LEAVING) {
      vcpu.candidate.policy().resettle(vcpu.candidate);
    }
    Cpu holder = vcpu.residence == Residence.RUNNING ? vcpu.cpu : vcpu.loadedOn;
    if (holder != null && (vcpu.candidate.preferred >>> holder.index & 1) == 0) {
      Placement.ask(holder); // to leave the CPU, or to give up the registers that it keeps there
    }
  }

  /**
   * Chooses what this CPU runs and loads it; waits for interrupts while there is nothing. Called on
   * the way out of a trap with no lock held. Returns the frame to resume.
   */
  public static TrapFrame choose(Cpu cpu) {
    while (true) {
      cpu.forgetReschedule();
      Vcpu next = next(cpu);
      if (next != null) {
        Vcpu before = cpu.vcpu;
        ContextSwitch.to(cpu, next);
        if (before != null && before != next) {
          left(before);
        }
        if (!cpu.mustReschedule()) {
          return next.frame;
        }
      } else {
        idle(cpu);
      }
    }
  }

  /**
   * {@code vcpu}'s registers have just been saved. The look without the lock suffices: who makes it
   * leave says so and looks again whether they are.
   */
  private static void left(Vcpu vcpu) {
    if (vcpu.residence == Residence.LEAVING) {
      LOCK.lock();
      if (vcpu.residence == Residence.LEAVING) {
        Placement.place(vcpu, SysReg.CNTPCT_EL0.read());
      }
      LOCK.unlock();
    }
  }

  private static void idle(Cpu cpu) {
    Vcpu loaded = cpu.vcpu;
    if (loaded != null
        && (loaded.residence == Residence.LEAVING || !loaded.mayRunOn(cpu) || loaded.isStopped())) {
      ContextSwitch.unload(cpu);
      left(loaded);
    }
    while (!cpu.mustReschedule()) {
      if (Frames.hasDirty() && Frames.scrubWhileIdle()) {
        Interrupts.handlePending();
      } else {
        Interrupts.awaitAndHandle();
      }
    }
  }

  private static @Nullable Vcpu next(Cpu cpu) {
    LOCK.lock();
    long now = SysReg.CNTPCT_EL0.read();
    boolean yielded = cpu.yielded;
    cpu.yielded = false;
    Vcpu running = cpu.running;
    if (running != null && !goesOn(cpu, running, now)) {
      running = null;
    }
    Vcpu next = cpu.pool.policy.choose(cpu, running, yielded, now);
    running = cpu.running; // without one that the policy holds now
    if (next != running) {
      cpu.running = next;
      if (next != null) {
        Placement.start(cpu, next, now);
      }
      if (running != null) {
        Placement.release(running, now);
      }
    }
    if (cpu.tracing) {
      SwitchTrace.chosen(cpu, next, yielded, now);
    }
    account(cpu, next, now);
    LOCK.unlock();
    return next;
  }

  /** The vCPU may go on here if the policy says so; otherwise it is off the CPU. */
  @Inline
  private static boolean goesOn(Cpu cpu, Vcpu running, long now) {
    int pauses = running.pauses.get();
    Candidate candidate = running.candidate;
    if (pauses == 0 && running.mayRunOn(cpu) && !Placement.isBetterElsewhere(candidate, cpu)) {
      return true;
    }
    candidate.policy().charge(candidate, now);
    cpu.running = null;
    if (pauses == 0) {
      Placement.release(running, now);
    } else {
      boolean blocked = (pauses & PauseReason.BLOCKED) != 0;
      running.residence = Residence.PARKED;
      running.runstate.enter(blocked ? RunstateInfo.BLOCKED : RunstateInfo.OFFLINE, now);
      if (pauses != PauseReason.BLOCKED) {
        candidate.policy().rest(candidate, pauses, now);
      }
    }
    return false;
  }

  /** Whose the time from now on is: the vCPU's, or nobody's. */
  @Inline
  private static void account(Cpu cpu, @Nullable Vcpu next, long now) {
    if (next == null) {
      if (!Placement.isIdle(cpu)) {
        Placement.setIdle(cpu);
        attract(cpu);
      }
      cpu.beginIdle(now);
    } else {
      Placement.setBusy(cpu);
      cpu.endIdle(now);
      if (next.runstate.state() != RunstateInfo.RUNNING) {
        next.runstate.enter(RunstateInfo.RUNNING, now);
      }
    }
  }

  /** Of the vCPUs that run elsewhere one may prefer this CPU: it comes when it sees it idle. */
  private static void attract(Cpu cpu) {
    for (int i = 0; i < Cpus.count(); i++) {
      Vcpu running = Cpus.get(i).running;
      if (running != null
          && (running.candidate.preferred >>> i & 1) == 0
          && (running.candidate.preferred >>> cpu.index & 1) != 0) {
        Placement.ask(Cpus.get(i));
        return;
      }
    }
  }

  private static void set(Vcpu vcpu, int reasons) {
    int seen = vcpu.pauses.get();
    while (!vcpu.pauses.compareAndSet(seen, seen | reasons)) {
      seen = vcpu.pauses.get();
    }
  }

  private static void clear(Vcpu vcpu, int reasons) {
    int seen = vcpu.pauses.get();
    while (!vcpu.pauses.compareAndSet(seen, seen & ~reasons)) {
      seen = vcpu.pauses.get();
    }
  }
}
