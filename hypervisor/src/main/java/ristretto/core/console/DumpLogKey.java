package ristretto.core.console;

import ristretto.lang.BootOnly;

/** 'w': what {@code xl dmesg} would show, on the console. */
final class DumpLogKey implements DebugKey {
  private final Console console;

  @BootOnly
  DumpLogKey(Console console) {
    this.console = console;
  }

  @Override
  public int key() {
    return 'w';
  }

  @Override
  public String description() {
    return "synchronously dump console ring buffer (dmesg)";
  }

  @Override
  public void press() {
    console.showLog();
  }
}
