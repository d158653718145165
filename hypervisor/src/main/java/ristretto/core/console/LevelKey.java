package ristretto.core.console;

import ristretto.lang.BootOnly;

/** '+' and '-' move a log threshold; 'G' chooses which one they move. */
final class LevelKey implements DebugKey {
  private static boolean ofGuests;

  private final int key;
  private final String description;
  private final int steps;

  @BootOnly
  private LevelKey(int key, String description, int steps) {
    this.key = key;
    this.description = description;
    this.steps = steps;
  }

  @BootOnly
  static void registerAll(DebugKeys keys) {
    keys.register(new LevelKey('+', "increase log level threshold", 1));
    keys.register(new LevelKey('-', "decrease log level threshold", -1));
    keys.register(new LevelKey('G', "toggle host/guest log level adjustment", 0));
  }

  @Override
  public int key() {
    return key;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void press() {
    if (steps == 0) {
      ofGuests = !ofGuests;
    } else if (ofGuests) {
      Log.showGuestUpTo(Log.guestThreshold().plus(steps));
    } else {
      Log.showUpTo(Log.threshold().plus(steps));
    }
    LogLevel level = ofGuests ? Log.guestThreshold() : Log.threshold();
    Log.print().text(ofGuests ? "guests' messages: " : "messages: ").text(level.shown()).end();
  }
}
