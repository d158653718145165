package ristretto.core.event;

import static ristretto.fuzz.Check.check;

import ristretto.abi.Virq;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAudit;
import ristretto.fuzz.Fields;

/**
 * Event channels of all domains: the two ends of a channel name each other, virtual interrupts and
 * the ports that are bound to them agree, and every page that shows something is pinned once.
 */
public final class EventAudit {
  private final MemoryAudit memory;

  private EventAudit(MemoryAudit memory) {
    this.memory = memory;
  }

  /** Checks all domains; pages that they are shown something in are used. */
  public static void compare(MemoryAudit memory) {
    EventAudit audit = new EventAudit(memory);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        audit.checkPorts(domain.events);
        audit.checkPages(domain);
      }
    }
  }

  /** Ports that a domain has now. */
  public static int ports(Domain domain) {
    int ports = 0;
    for (short inBucket : (short[]) Fields.value(domain.events.ports, "used")) {
      ports += inBucket;
    }
    return ports;
  }

  private void checkPorts(EventChannels events) {
    short[] used = (short[]) Fields.value(events.ports, "used");
    int virqs = 0;
    for (int bucket = 0; bucket < used.length; bucket++) {
      int taken = 0;
      for (int i = 0; i < 256; i++) {
        int port = bucket * 256 + i;
        if (used[bucket] == 0 && !events.ports.at(port).exists()) {
          break;
        }
        Port entry = events.ports.at(port);
        if (!entry.isFree()) {
          taken++;
          virqs += checkPort(events, port, entry);
        }
      }
      check(
          taken == used[bucket],
          "domain %d: bucket %d has %d ports and counts %d",
          events.domain.id,
          bucket,
          taken,
          used[bucket]);
    }
    check(
        virqs == boundVirqs(events),
        "domain %d: %d ports for %d virtual interrupts",
        events.domain.id,
        virqs,
        boundVirqs(events));
  }

  /** Returns 1 for a port of a virtual interrupt. */
  private static int checkPort(EventChannels events, int port, Port entry) {
    Domain domain = events.domain;
    Link link = entry.link();
    check(entry.vcpu() < Math.max(1, domain.vcpuCount), "domain %d: no such vCPU", domain.id);
    switch (link.state()) {
      case Link.INTERDOMAIN -> {
        Domain remote = Domains.find(link.remoteDomain());
        check(remote != null, "domain %d: port %d leads to nobody", domain.id, port);
        if (remote != null) {
          Port peer = remote.events.ports.at(link.remotePort());
          check(
              peer.exists() && peer.link().equalTo(Link.interdomain(domain.id, port)),
              "domain %d: port %d is connected with port %d of %d, but not the other way round",
              domain.id,
              port,
              link.remotePort(),
              remote.id);
        }
      }
      case Link.VIRQ ->
          check(
              events.virqPortsOf(link.virq(), entry.vcpu())[link.virq()] == port,
              "domain %d: port %d is not that of its virtual interrupt",
              domain.id,
              port);
      case Link.RESERVED ->
          throw new AssertionError("domain %d: port %d is reserved".formatted(domain.id, port));
      default -> {}
    }
    return link.state() == Link.VIRQ ? 1 : 0;
  }

  private static int boundVirqs(EventChannels events) {
    int bound = 0;
    for (int virq = 0; virq < Virq.COUNT; virq++) {
      for (int i = 0; i < (Virq.isPerVcpu(virq) ? events.domain.vcpuCount : 1); i++) {
        bound += events.virqPortsOf(virq, i)[virq] != 0 ? 1 : 0;
      }
    }
    return bound;
  }

  private void checkPages(Domain domain) {
    int pollers = 0;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.events.registered) {
        pinned(vcpu.events.vcpuInfo);
      }
      pinned(vcpu.events.controlBlock);
      pinned(Fields.number(vcpu.runstate, "area"));
      pinned(Fields.number(vcpu.runstate, "rest"));
      pollers += vcpu.events.polledPort == VcpuEvents.NOT_POLLING ? 0 : 1;
    }
    check(
        pollers == domain.events.pollers,
        "domain %d: %d vCPUs poll, counted are %d",
        domain.id,
        pollers,
        domain.events.pollers);
    long[] pages = (long[]) Fields.value(domain.events.fifo, "pages");
    for (int i = 0; i < Fields.number(domain.events.fifo, "pageCount"); i++) {
      pinned(pages[i]);
    }
  }

  private void pinned(long address) {
    if (address != 0) {
      memory.uses(address >>> Frames.SHIFT);
    }
  }
}
