package ristretto.core.event;

import ristretto.abi.Virq;
import ristretto.core.domain.Domain;
import ristretto.core.domain.ShutdownReason;
import ristretto.lang.Cold;

/**
 * Tells the toolstack that a domain has shut down, is dying or is gone: VIRQ_DOM_EXC, upon which
 * xenstored asks for the state of every domain.
 */
@Cold
public final class DomainVirq {
  private DomainVirq() {}

  /** That domain's state has changed. No lock of event channels or of a later rank is held. */
  public static void tell(int id) {
    DomainChanges.note(id);
    Dom0Virq.send(Virq.DOM_EXC);
  }

  /**
   * {@code domain} has shut down. Who subscribed to its suspending is told by its own event channel
   * in place of the virtual interrupt. {@code xen/include/public/domctl.h}, XEN_DOMCTL_subscribe.
   */
  public static void onShutdown(Domain domain, int reason) {
    int port = domain.settings.suspendPort;
    boolean told = reason == ShutdownReason.SUSPEND && port >= 0 && domain.events.send(port) == 0;
    if (told) {
      DomainChanges.note(domain.id);
    } else {
      tell(domain.id);
    }
  }
}
