package ristretto.core.event;

import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.lang.Cold;

/** Virtual interrupts of the whole machine, which are Dom0's to have. */
@Cold
public final class Dom0Virq {
  private static final int DOM0 = 0;

  private Dom0Virq() {}

  /**
   * Dom0 is told, unless there is none yet. No lock of event channels or of a later rank is held.
   *
   * @param virq one of {@link ristretto.abi.Virq}
   */
  public static void send(int virq) {
    Domain dom0 = Domains.find(DOM0);
    if (dom0 != null) {
      dom0.events.sendVirq(virq);
    }
  }
}
