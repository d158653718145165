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
import ristretto.core.time.TimerQueue;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;

/**
 * A plain fair scheduler: every CPU serves its queue round robin, one time slice each; a CPU with
 * nothing to do takes from the others. Hard affinity is a bit set of CPUs in each vCPU.
 *
 * <p>One lock guards all queues and every {@link Vcpu#residence}; it is held for a few list
 * operations. A vCPU whose registers are still in a CPU ({@link Vcpu#loadedOn}) runs nowhere else
 * until that CPU has saved them.
 */
public final class Scheduler {
  /** Length of a turn when others wait, in milliseconds. */
  private static final int SLICE_MILLISECONDS = 10;

  private static final SpinLock LOCK = new SpinLock(LockRank.SCHEDULER);

  private Scheduler() {}

  /** {@code vcpu} may not run, for {@code reasons}; if it runs now it stops at its next exit. */
  public static void pause(Vcpu vcpu, int reasons) {
    set(vcpu, reasons);
    LOCK.lock();
    if (vcpu.residence == Residence.QUEUED) {
      vcpu.cpu.runQueue.remove(vcpu);
      vcpu.residence = Residence.PARKED;
      vcpu.runstate.enter(RunstateInfo.OFFLINE);
    } else if (vcpu.residence == Residence.RUNNING) {
      askToChoose(vcpu.cpu);
    }
    LOCK.unlock();
  }

  /** Ends {@code reasons} for which {@code vcpu} may not run, and queues it if none is left. */
  public static void resume(Vcpu vcpu, int reasons) {
    clear(vcpu, reasons);
    queueIfReady(vcpu);
  }

  /**
   * Gets a vCPU that may not run, and will not be let, out of its CPU, registers and all.
   *
   * @return true when it is out; false: its CPU has been told, ask again
   */
  @Cold
  public static boolean evict(Vcpu vcpu) {
    LOCK.lock();
    boolean parked = vcpu.residence == Residence.PARKED;
    Cpu holder = parked ? vcpu.loadedOn : vcpu.cpu; // one that is chosen may not be loaded yet
    if (holder != null) {
      askToChoose(holder);
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
    Cpu.current().reschedule = true;
  }

  /** The running vCPU lets the others of its CPU go first. */
  public static void letOthersRun(Cpu cpu) {
    cpu.yielded = true;
    cpu.reschedule = true;
  }

  /** {@code vcpu} runs on the CPUs of the bit set alone from now on; one of them is online. */
  @Cold
  public static void setAffinity(Vcpu vcpu, long cpus) {
    LOCK.lock();
    vcpu.affinity = cpus;
    if (!vcpu.mayRunOn(vcpu.cpu)) {
      if (vcpu.residence == Residence.QUEUED) {
        vcpu.cpu.runQueue.remove(vcpu);
        enqueue(vcpu);
      }
      Cpu holder = vcpu.loadedOn;
      if (holder != null) {
        askToChoose(holder); // to leave the CPU, or to give up the registers that it keeps there
      }
    }
    LOCK.unlock();
  }

  /** This CPU's time slice is over. */
  static void sliceEnded(Cpu cpu) {
    letOthersRun(cpu);
  }

  /**
   * Chooses what this CPU runs and loads it; waits for interrupts while there is nothing. Called on
   * the way out of a trap with no lock held. Returns the frame to resume.
   */
  public static TrapFrame choose(Cpu cpu) {
    while (true) {
      cpu.reschedule = false;
      Vcpu next = next(cpu);
      if (next != null) {
        Vcpu before = cpu.vcpu;
        ContextSwitch.to(cpu, next);
        if (before != null && before != next) {
          offer(before);
        }
        if (!cpu.reschedule) {
          return next.frame;
        }
      } else {
        idle(cpu);
      }
    }
  }

  /** {@code vcpu} has just left its CPU: if it is ready, a CPU that idles may take it. */
  private static void offer(Vcpu vcpu) {
    LOCK.lock();
    if (vcpu.residence == Residence.QUEUED) {
      for (int i = 0; i < Cpus.count(); i++) {
        Cpu cpu = Cpus.get(i);
        if (cpu.running == null && cpu.online && vcpu.mayRunOn(cpu)) {
          askToChoose(cpu);
          break;
        }
      }
    }
    LOCK.unlock();
  }

  private static void idle(Cpu cpu) {
    Vcpu loaded = cpu.vcpu;
    if (loaded != null && (!loaded.mayRunOn(cpu) || loaded.isStopped())) {
      ContextSwitch.unload(cpu);
      offer(loaded); // it may be queued for another CPU, which waits for its registers
    }
    cpu.beginIdle(SysReg.CNTPCT_EL0.read());
    while (!cpu.reschedule) {
      Hint.waitForInterrupt();
      Interrupts.handlePending();
    }
    cpu.endIdle(SysReg.CNTPCT_EL0.read());
  }

  private static @Nullable Vcpu next(Cpu cpu) {
    LOCK.lock();
    Vcpu running = cpu.running;
    boolean yielded = cpu.yielded;
    cpu.yielded = false;
    if (running != null) {
      if (running.pauses.get() != 0) {
        running.residence = Residence.PARKED;
        running.runstate.enter(isBlocked(running) ? RunstateInfo.BLOCKED : RunstateInfo.OFFLINE);
        cpu.running = null;
      } else if (!running.mayRunOn(cpu) || yielded && !cpu.runQueue.isEmpty()) {
        cpu.running = null;
        enqueue(running);
      } else {
        if (!cpu.runQueue.isEmpty() && !cpu.slice.runs) {
          startSlice(cpu); // another CPU queued who waits, and can arm no timer here
        }
        LOCK.unlock();
        return running;
      }
    }
    Vcpu next = cpu.runQueue.takeFirst(cpu);
    if (next == null) {
      next = steal(cpu);
    }
    if (next != null) {
      next.cpu = cpu;
      next.residence = Residence.RUNNING;
      next.runstate.enter(RunstateInfo.RUNNING);
      cpu.running = next;
      if (!cpu.runQueue.isEmpty()) {
        startSlice(cpu);
      }
    }
    LOCK.unlock();
    return next;
  }

  private static @Nullable Vcpu steal(Cpu thief) {
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu victim = Cpus.get(i);
      if (victim != thief) {
        Vcpu taken = victim.runQueue.takeFirst(thief);
        if (taken != null) {
          return taken;
        }
      }
    }
    return null;
  }

  private static void queueIfReady(Vcpu vcpu) {
    LOCK.lock();
    if (vcpu.residence == Residence.PARKED && vcpu.pauses.get() == 0) {
      enqueue(vcpu);
    }
    LOCK.unlock();
  }

  /** Queues where the vCPU's registers are, else where a CPU idles, else where it ran last. */
  private static void enqueue(Vcpu vcpu) {
    Cpu cpu = placeFor(vcpu);
    vcpu.cpu = cpu;
    vcpu.residence = Residence.QUEUED;
    vcpu.runstate.enter(RunstateInfo.RUNNABLE);
    boolean alone = cpu.runQueue.isEmpty();
    cpu.runQueue.append(vcpu);
    if (cpu.running == null) {
      askToChoose(cpu);
    } else if (alone) {
      askForSlice(cpu);
    }
  }

  private static Cpu placeFor(Vcpu vcpu) {
    Cpu last = vcpu.cpu;
    boolean mayStay = last.online && vcpu.mayRunOn(last);
    if (mayStay && last.running == null) {
      return last;
    }
    if (vcpu.loadedOn == null) {
      for (int i = 0; i < Cpus.count(); i++) {
        Cpu cpu = Cpus.get(i);
        if (cpu.running == null && cpu.runQueue.isEmpty() && cpu.online && vcpu.mayRunOn(cpu)) {
          return cpu;
        }
      }
    }
    return mayStay ? last : firstAllowed(vcpu);
  }

  private static Cpu firstAllowed(Vcpu vcpu) {
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      if (cpu.online && vcpu.mayRunOn(cpu)) {
        return cpu;
      }
    }
    return vcpu.cpu;
  }

  private static void askToChoose(Cpu cpu) {
    if (cpu == Cpu.current()) {
      cpu.reschedule = true;
    } else {
      Interrupts.sendReschedule(cpu);
    }
  }

  /** Somebody waits now behind the running vCPU: its turn gets an end. */
  private static void askForSlice(Cpu cpu) {
    if (cpu == Cpu.current()) {
      startSlice(cpu);
    } else {
      Interrupts.sendReschedule(cpu);
    }
  }

  private static void startSlice(Cpu cpu) {
    long ticks = GenericTimer.frequency() / 1000 * SLICE_MILLISECONDS;
    cpu.slice.runs = true;
    TimerQueue.arm(cpu.slice, SysReg.CNTPCT_EL0.read() + ticks);
  }

  private static boolean isBlocked(Vcpu vcpu) {
    return (vcpu.pauses.get() & PauseReason.BLOCKED) != 0;
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
