package ristretto.fuzz;

import static ristretto.fuzz.Check.check;

import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.event.EventAudit;
import ristretto.core.grant.GrantAudit;
import ristretto.core.interrupt.VgicAudit;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAudit;
import ristretto.core.trap.FaultHandler;
import ristretto.sim.SimulatedGic;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.VirtBoard;

/** What holds whenever no CPU is within a trap: DESIGN, "Trust". */
final class Invariants {
  private final SimulatedMachine machine;
  private final SimulatedGic gic;

  Invariants(VirtBoard board) {
    machine = board.machine();
    gic = board.gic();
  }

  /** An AssertionError says what does not hold. */
  void checkAll() {
    machine.observe(() -> {
      checkCpus();
      MemoryAudit memory = MemoryAudit.read(machine);
      GrantAudit.compare(memory);
      EventAudit.compare(memory);
      memory.finish();
      VgicAudit.compare(gic);
    });
  }

  private static void checkCpus() {
    check(FaultHandler.contained() == 0, "a fault was contained");
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      check(HeldLocks.count(cpu) == 0, "CPU %d holds a lock", i);
      check((cpu.stage2Reads & 1) == 0, "CPU %d reads stage 2 tables", i);
    }
  }

  /**
   * Frames that are free, with those that Dom0 has made the hypervisor keep for it: the same
   * whenever there is no other domain, and Dom0 has let go of what it had of others.
   */
  static long balance() {
    Domain dom0 = Domains.find(0);
    if (dom0 == null) {
      throw new AssertionError("there is no Dom0");
    }
    return Frames.freeCount() + dom0.memory.overhead() + dom0.memory.tables();
  }
}
