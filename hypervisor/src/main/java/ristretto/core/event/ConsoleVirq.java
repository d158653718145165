package ristretto.core.event;

import ristretto.abi.Virq;
import ristretto.core.console.ConsoleListener;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;

/** Tells Dom0 of what was typed for it. */
public final class ConsoleVirq implements ConsoleListener {
  private static final int DOM0 = 0;

  @Override
  public void inputAvailable() {
    Domain dom0 = Domains.find(DOM0);
    if (dom0 != null) {
      dom0.events.sendVirq(Virq.CONSOLE);
    }
  }
}
