package ristretto.core.event;

import ristretto.abi.Evtchnop;
import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.console.LogLine;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/** Debug key 'e': the event channels of every domain, in Xen's form. */
public final class EventReport implements DebugKey {
  /** Ports shown of one domain; more would keep the console, and this CPU, for long. */
  private static final int MOST = 256;

  @Override
  public int key() {
    return 'e';
  }

  @Override
  public String description() {
    return "dump evtchn info";
  }

  @Override
  @Cold
  public void press() {
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        report(domain.events);
      }
    }
  }

  private static void report(EventChannels events) {
    Log.print().text("Event channel information for domain ").dec(events.domain.id).text(":").end();
    LogLine polling = Log.print().text("Polling vCPUs: {");
    String separator = "";
    for (int i = 0; i < events.domain.vcpuCount; i++) {
      Vcpu vcpu = events.domain.vcpus[i];
      if (vcpu.events.polledPort != VcpuEvents.NOT_POLLING) {
        polling.text(separator).dec(vcpu.id);
        separator = ",";
      }
    }
    polling.text("}").end();
    Log.print().text("    port [p/m/s]").end();
    int shown = 0;
    int end = events.ports.end();
    for (int port = 1; port < end && shown < MOST; port = events.ports.skipUnused(port + 1)) {
      Port entry = events.ports.at(port);
      if (entry.inUse()) {
        report(events, port, entry);
        shown++;
      }
    }
  }

  /** Read without the lock: a report of what is there now is out of date when it is read. */
  private static void report(EventChannels events, int port, Port entry) {
    Link link = entry.link();
    LogLine line =
        Log.print()
            .text("    ")
            .dec(port, 4)
            .text(" [")
            .dec(events.isPending(port) ? 1 : 0)
            .text("/")
            .dec(events.isMasked(port) ? 1 : 0)
            .text("/  -   ]: s=")
            .dec(stateNumber(link))
            .text(" n=")
            .dec(entry.vcpu())
            .text(" x=")
            .dec(link.isHypervisors() ? 1 : 0);
    switch (link.state()) {
      case Link.UNBOUND, Link.HYPERVISOR_UNBOUND -> line.text(" d=").dec(link.remoteDomain());
      case Link.INTERDOMAIN, Link.HYPERVISOR, Link.TO_HYPERVISOR ->
          line.text(" d=").dec(link.remoteDomain()).text(" p=").dec(link.remotePort());
      case Link.VIRQ -> line.text(" v=").dec(link.virq());
      default -> {}
    }
    line.end();
  }

  /** Xen's internal state numbers, as its own report prints them. */
  private static int stateNumber(Link link) {
    return switch (link.state()) {
      case Link.UNBOUND, Link.HYPERVISOR_UNBOUND -> 2;
      case Link.INTERDOMAIN, Link.HYPERVISOR, Link.TO_HYPERVISOR -> 3;
      case Link.VIRQ -> 5;
      case Link.IPI -> 6;
      default -> Evtchnop.STATUS_CLOSED;
    };
  }
}
