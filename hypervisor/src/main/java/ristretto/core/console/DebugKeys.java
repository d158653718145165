package ristretto.core.console;

import org.jspecify.annotations.Nullable;
import ristretto.lang.BootOnly;

/** The debug keys, by ASCII code; 'h' lists them. */
public final class DebugKeys {
  private static final int KEYS = 128;

  private final @Nullable DebugKey[] keys = new DebugKey[KEYS];

  @BootOnly
  DebugKeys() {
    register(new Help());
  }

  @BootOnly
  public void register(DebugKey key) {
    keys[key.key()] = key;
  }

  /**
   * A key was pressed; one that means nothing is reported, in case somebody waits for an answer.
   */
  public void press(int code) {
    DebugKey key = code >= 0 && code < KEYS ? keys[code] : null;
    if (key == null) {
      Log.print()
          .text("'")
          .character(code)
          .text("' pressed -> no such debug key, 'h' lists them")
          .end();
      return;
    }
    Log.print().text("'").character(code).text("' pressed -> ").text(key.description()).end();
    key.press();
  }

  /** 'h'. */
  private final class Help implements DebugKey {
    @Override
    public int key() {
      return 'h';
    }

    @Override
    public String description() {
      return "show this message";
    }

    @Override
    public void press() {
      Log.print().text("installed debug keys:").end();
      for (int code = 0; code < KEYS; code++) {
        DebugKey key = keys[code];
        if (key != null) {
          Log.print()
              .text(" key '")
              .character(code)
              .text("' (ascii '")
              .hex(code, 2)
              .text("') => ")
              .text(key.description())
              .end();
        }
      }
    }
  }
}
