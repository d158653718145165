package ristretto.core.event;

import ristretto.abi.Virq;
import ristretto.core.console.ConsoleListener;

/** Tells Dom0 of what was typed for it. */
public final class ConsoleVirq implements ConsoleListener {
  @Override
  public void inputAvailable() {
    Dom0Virq.send(Virq.CONSOLE);
  }
}
