package ristretto.core.trap;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.arch.FaultFrame;
import ristretto.core.console.Console;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.CpuStacks;
import ristretto.core.cpu.Cpus;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.MachinePower;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.InterruptHandler;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.interrupt.Sgi;
import ristretto.core.mm.Stage2Readers;
import ristretto.core.sched.Scheduler;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Export;
import ristretto.lang.TrapRoot;
import ristretto.machine.CpuLocal;
import ristretto.machine.Hint;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * Exceptions that EL2 itself took: failed checks, aborts, errors of the memory system. Each is our
 * own mistake. One that happens while a guest's trap is served ends that guest and nothing else
 * (SECURITY rule 1); one that may have left shared state half changed ends the machine.
 */
public final class FaultHandler {
  private static final AtomicInteger CONTAINED = new AtomicInteger();

  private FaultHandler() {}

  /** From here on reports name methods, a panic stops all CPUs, and '!' provokes a fault. */
  @BootOnly
  public static void start() {
    checkVectorCodesViewOf(Cpu.current());
    FaultReport.start();
    Interrupts.routePrivate(Sgi.STOP.intid(), new StopHandler());
    Console.system().keys().register(new ProvokedFault());
  }

  /** The vector code finds these fields at fixed places in the Cpu object. */
  @BootOnly
  private static void checkVectorCodesViewOf(Cpu cpu) {
    cpu.systemErrorWindow = 1;
    cpu.systemErrorTaken = 2;
    long object = SysReg.TPIDR_EL2.read();
    if (Memory.load64(object + Cpu.EMERGENCY_STACK) != cpu.emergencyTop
        || Memory.load64(object + Cpu.SERROR_WINDOW) != 1
        || Memory.load64(object + Cpu.SERROR_TAKEN) != 2) {
      throw new AssertionError();
    }
    cpu.systemErrorWindow = 0;
    cpu.systemErrorTaken = 0;
  }

  /** Faults that ended a guest only. Above 0 is a failed test. */
  public static int contained() {
    return CONTAINED.get();
  }

  /**
   * Called by the vector code on the emergency stack.
   *
   * @param registers address of a {@link FaultFrame}
   * @return top of the CPU's stack, on which {@link #recover} goes on; no return from a panic
   */
  @Cold
  @TrapRoot
  @Export("trap_fault")
  static long fault(long registers) {
    Cpu cpu = CpuLocal.get() instanceof Cpu current ? current : null;
    if (cpu == null) {
      FaultReport.print(new FaultFrame(registers), 0);
      halt();
    } else if (cpu.faulting) {
      // The report itself is broken: the shortest possible one.
      Log.emergency().text("*** a fault while a fault was reported").end();
      halt();
    } else {
      cpu.faulting = true;
      FaultReport.print(new FaultFrame(registers), cpu.index);
      if (!isContainable(cpu)) {
        panic(cpu);
      }
    }
    return cpu == null ? CpuStacks.top(0) : cpu.stackTop;
  }

  /**
   * Called by the vector code on the empty stack of the CPU: the guest whose trap was being served
   * is over, the machine goes on.
   *
   * @return hypervisor address of the TrapFrame to resume
   */
  @Cold
  @TrapRoot
  @Export("trap_recover")
  static long recover() {
    Cpu cpu = Cpu.current();
    Domain domain = cpu.servedVcpu().domain;
    HeldLocks.markOwners(cpu);
    HeldLocks.releaseAll(cpu);
    Stage2Readers.abandon(cpu);
    Interrupts.abandon(cpu);
    cpu.faulting = false;
    Log.error()
        .text("domain ")
        .dec(domain.id)
        .text(" ends by a fault of the hypervisor; contained faults: ")
        .dec(CONTAINED.incrementAndGet())
        .end();
    domain.crash("fault of the hypervisor");
    crashHalfChanged();
    return Scheduler.choose(cpu).address();
  }

  /** Other domains whose locks were held: a sender, say, changes its receiver's events. */
  private static void crashHalfChanged() {
    for (int i = 0; i < Domains.MAXIMUM; i++) {
      Domain other = Domains.inSlot(i);
      if (other != null && other.halfChanged) {
        other.crash("half changed by that fault");
      }
    }
  }

  /** Only guests' state can be half changed: a trap was served, under locks that have an owner. */
  private static boolean isContainable(Cpu cpu) {
    Vcpu vcpu = cpu.vcpu;
    return cpu.online && vcpu != null && cpu.running == vcpu && !HeldLocks.guardSharedState(cpu);
  }

  /** The hypervisor cannot go on. */
  @Cold
  private static void panic(Cpu cpu) {
    Console.system().abandonLock();
    Log.emergency()
        .text("Panic on CPU ")
        .dec(cpu.index)
        .text(": the hypervisor cannot go on")
        .end();
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu other = Cpus.get(i);
      if (other != cpu && other.online) {
        Interrupts.send(other, Sgi.STOP);
      }
    }
    MachinePower.afterFailure();
    halt();
  }

  private static void halt() {
    Log.emergency().text("CPU halted").end();
    while (true) {
      Hint.waitForInterrupt();
    }
  }

  /** Another CPU panics. */
  private static final class StopHandler extends InterruptHandler {
    @Override
    public void handle(int intid) {
      halt();
    }
  }
}
