package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.core.console.Log;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * What the person at the console should know although booting goes on: kept until there is a
 * console. Nothing is dropped silently: what does not fit is counted.
 */
public final class Reports {
  private static final int CAPACITY = 64;

  private final @Nullable BootMessage[] messages = new @Nullable BootMessage[CAPACITY];
  private int count;
  private int lost;
  private int shown;

  @BootOnly
  public Reports() {}

  @BootOnly
  public void add(BootMessage message) {
    if (count < CAPACITY) {
      messages[count] = message;
      count++;
    } else {
      lost++;
    }
  }

  public int count() {
    return count;
  }

  /** Reports that there was no room for. */
  public int lost() {
    return lost;
  }

  /** Puts what is new since the last time on the console. */
  @BootOnly
  public void show() {
    while (shown < count) {
      Log.warn().message(get(shown)).end();
      shown++;
    }
    if (lost != 0) {
      Log.warn().text("and ").dec(lost).text(" more reports, for which there was no room").end();
      lost = 0;
    }
  }

  public BootMessage get(int index) {
    BootMessage message = messages[index];
    if (message == null) {
      throw new IndexOutOfBoundsException();
    }
    return message;
  }
}
