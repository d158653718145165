package ristretto.core.trap;

import ristretto.core.console.DebugKey;
import ristretto.lang.BootOnly;

/** Debug key '!': a fault on purpose, to see that it is reported and contained. */
final class ProvokedFault implements DebugKey {
  private final int[] three = new int[3];

  /** Not a constant for the compiler. */
  private int next;

  @BootOnly
  ProvokedFault() {}

  @Override
  public int key() {
    return '!';
  }

  @Override
  public String description() {
    return "provoke a fault of the hypervisor, which ends the running domain";
  }

  @Override
  public void press() {
    for (int i = 0; i < 4; i++) {
      three[next] = i;
      next++;
    }
  }
}
