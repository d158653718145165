package ristretto.fuzz;

import static ristretto.fuzz.Check.check;

import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
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

/** What holds whenever no CPU is within a trap: SECURITY rules 6, 10 and 11. */
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
      checkRoom();
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

  /** Every object of a domain is in use and known by its number, or neither. */
  private static void checkRoom() {
    int gone = 0;
    for (Domain domain : (Domain[]) Fields.common(Domains.class, "ROOM")) {
      if (domain != null && domain.id >= 0) {
        check(Domains.find(domain.id) == domain, "domain %d cannot be found", domain.id);
        gone += DomainEnd.isDead(domain) ? 1 : 0;
      }
    }
    int remains = (int) Fields.common(DomainEnd.class, "remains");
    check(remains == gone, "%d domains are gone, counted are %d", gone, remains);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      check(domain == null || Domains.find(domain.id) == domain, "slot %d is a dead one's", slot);
    }
  }

  /** Dom0 has closed all ports, let go of all it had of others, and there is no other domain. */
  static void checkAlone() {
    Domain dom0 = Domains.find(0);
    if (dom0 == null) {
      throw new AssertionError("there is no Dom0");
    }
    check(EventAudit.ports(dom0) == 0, "Dom0 has %d ports", EventAudit.ports(dom0));
    check(GrantAudit.handles(dom0).isEmpty(), "Dom0 has %s", GrantAudit.handles(dom0));
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      check(domain == null || domain == dom0, "slot %d is not free", slot);
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
