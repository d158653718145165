package ristretto.vdev.uart;

import ristretto.vdev.IrqLine;

/** Remembers its level. */
final class FakeIrqLine implements IrqLine {
  boolean level;

  @Override
  public void set(boolean newLevel) {
    level = newLevel;
  }
}
