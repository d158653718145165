package ristretto.core.debug;

import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.cpu.PhysicalPsci;

/** Resets the machine. */
final class RebootKey implements DebugKey {
  @Override
  public int key() {
    return 'R';
  }

  @Override
  public String description() {
    return "reboot machine";
  }

  @Override
  public void press() {
    Log.print().text("'R' pressed -> rebooting machine").end();
    PhysicalPsci.systemReset();
    Log.error().text("the firmware does not reset the machine").end();
  }
}
