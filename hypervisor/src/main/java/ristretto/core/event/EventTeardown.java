package ristretto.core.event;

import ristretto.core.domain.Domain;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;

/** The end of a domain's event channels. */
public final class EventTeardown {
  private EventTeardown() {}

  /**
   * The domain dies, and none of its vCPUs runs: closes its ports, the other ends of which wait for
   * it then, and lets go of every page that showed it something. Stage 2 is there still.
   *
   * @param budget ports to close in this step
   * @return true when done
   */
  public static boolean step(EventChannels events, int budget) {
    Domain domain = events.domain;
    events.lock.lock();
    events.closed = true;
    events.lock.unlock();
    if (!Connections.closeAll(domain, budget)) {
      return false;
    }
    events.lock.lock();
    for (int i = 0; i < domain.vcpuCount; i++) {
      endVcpu(events, domain.vcpus[i].events);
    }
    domain.vcpus[0].events.vcpuInfo = 0;
    events.lock.unlock();
    Connections.freePorts(events);
    for (int i = 0; i < domain.vcpuCount; i++) {
      domain.vcpus[i].runstate.release();
    }
    domain.shared.release();
    return true;
  }

  private static void endVcpu(EventChannels events, VcpuEvents target) {
    Polling.forget(events, target);
    if (target.registered) {
      events.domain.p2m.unpin(Bits.alignDown(target.vcpuInfo, Frames.SIZE));
      target.registered = false;
    }
    target.vcpuInfo = 0;
  }
}
