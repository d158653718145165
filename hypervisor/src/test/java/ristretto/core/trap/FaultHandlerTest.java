package ristretto.core.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.arch.FaultFrame;
import ristretto.core.console.Console;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.PhysicalPsci;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.core.sched.SchedulingBench;
import ristretto.machine.Memory;
import ristretto.sim.FreshImage;
import ristretto.sim.Outcome;

/** A fault of EL2 while a guest's trap is served ends that guest, and who shares the damage. */
class FaultHandlerTest {
  /** A guest's trap that faults, and what the vector code does then. Returns the frame. */
  private static long faultWhileServing(Cpu cpu) {
    long registers = cpu.scratch;
    Memory.zero(registers, FaultFrame.SIZEOF);
    assertEquals(cpu.stackTop, FaultHandler.fault(registers));
    return FaultHandler.recover();
  }

  @Test
  void endsTheGuestAndReleasesWhatItsTrapHeld() {
    FreshImage.run(Contained.class);
  }

  static final class Contained implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Domain culprit = bench.domain(1, 2);
        Domain receiver = bench.domain(2, 1);
        Domain other = bench.domain(3, 1);
        SchedulingBench.start(culprit.vcpus[0]);
        SchedulingBench.start(culprit.vcpus[1]);
        SchedulingBench.start(receiver.vcpus[0]);
        Vcpu survivor = SchedulingBench.start(other.vcpus[0]);
        Scheduler.choose(cpu);
        assertEquals(culprit.vcpus[0], cpu.servedVcpu());
        SpinLock events = new SpinLock(LockRank.EVENT_CHANNEL, receiver);
        SpinLock memory = new SpinLock(LockRank.P2M, culprit);
        events.lock();
        memory.lock();

        assertEquals(survivor.frame.address(), faultWhileServing(cpu));

        assertEquals(1, FaultHandler.contained());
        assertFalse(events.isHeld());
        assertFalse(memory.isHeld());
        assertEquals(0, HeldLocks.count(cpu));
        assertFalse(cpu.faulting);
        assertEquals(ShutdownReason.CRASH, culprit.shutdownReason());
        assertEquals(ShutdownReason.CRASH, receiver.shutdownReason(), "its events: half changed");
        assertEquals(ShutdownReason.NONE, other.shutdownReason());
        assertNotEquals(0, culprit.vcpus[1].pauses.get());
        String said = said();
        assertTrue(said.contains("domain 1 crashed: fault of the hypervisor"), said);
        assertTrue(said.contains("domain 2 crashed: half changed by that fault"), said);
        assertTrue(said.contains("contained faults: 1"), said);
      });
    }
  }

  @Test
  void endsTheMachineWhenItsOwnStateMayBeHalfChanged() {
    FreshImage.run(NotContained.class);
  }

  static final class NotContained implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        PhysicalPsci.configure(true, 0);
        SchedulingBench.start(bench.domain(1, 1).vcpus[0]);
        Scheduler.choose(cpu);
        new SpinLock(LockRank.FRAMES).lock();
        faultWhileServing(cpu);
        throw new AssertionError("it went on");
      });
      assertEquals(Outcome.RESET, bench.machine.outcome());
    }
  }

  private static String said() {
    long target = Cpu.current().scratch;
    Console console = Console.system();
    int length = console.readLog(console.logStart(), target, Cpu.SCRATCH_SIZE);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) Memory.load8(target + i));
    }
    return text.toString();
  }
}
