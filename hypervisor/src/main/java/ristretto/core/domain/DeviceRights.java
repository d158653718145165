package ristretto.core.domain;

/**
 * The frames of devices' registers that the toolstack lets a domain have. Guarded by the
 * toolstack's lock. Rights alone map nothing.
 */
public final class DeviceRights {
  /** Ranges of frames that one domain may have rights to. */
  private static final int RANGES = 16;

  private final long[] first = new long[RANGES];
  private final long[] end = new long[RANGES];
  private int count;

  /** None. */
  public void reset() {
    count = 0;
  }

  /**
   * Gives the right to some frames.
   *
   * @return false if there are too many ranges
   */
  public boolean allow(long from, long frames) {
    if (mayHave(from, frames)) {
      return true;
    }
    if (count == RANGES) {
      return false;
    }
    first[count] = from;
    end[count] = from + frames;
    count++;
    return true;
  }

  /**
   * Takes the right to some frames away.
   *
   * @return false if a range had to be cut in two and there are too many
   */
  public boolean deny(long from, long frames) {
    long to = from + frames;
    for (int i = count - 1; i >= 0; i--) {
      if (first[i] < to && end[i] > from) {
        if (first[i] < from && end[i] > to) {
          if (count == RANGES) {
            return false;
          }
          first[count] = to;
          end[count] = end[i];
          count++;
          end[i] = from;
        } else if (first[i] < from) {
          end[i] = from;
        } else if (end[i] > to) {
          first[i] = to;
        } else {
          count--;
          first[i] = first[count];
          end[i] = end[count];
        }
      }
    }
    return true;
  }

  /** It has the right to all of these frames. */
  public boolean mayHave(long from, long frames) {
    long at = from;
    long to = from + frames;
    for (int i = 0; i < count; i++) { // each step ends one range, in whatever order they are
      for (int j = 0; j < count && at < to; j++) {
        if (at >= first[j] && at < end[j]) {
          at = end[j];
        }
      }
    }
    return at >= to;
  }
}
