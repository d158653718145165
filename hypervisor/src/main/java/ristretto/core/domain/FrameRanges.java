package ristretto.core.domain;

import ristretto.lang.BootOnly;

/** A set of frames, as ranges of them. Whoever has it guards it. */
public final class FrameRanges {
  private final long[] first;
  private final long[] end;
  private int count;

  /** None, with room for so many ranges. */
  @BootOnly
  FrameRanges(int ranges) {
    this.first = new long[ranges];
    this.end = new long[ranges];
  }

  /** Takes all out. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds some frames.
   *
   * @return false if there are too many ranges
   */
  public boolean add(long from, long frames) {
    if (contains(from, frames)) {
      return true;
    }
    if (count == first.length) {
      return false;
    }
    first[count] = from;
    end[count] = from + frames;
    count++;
    return true;
  }

  /**
   * Takes some frames out.
   *
   * @return false if a range had to be cut in two and there are too many
   */
  public boolean remove(long from, long frames) {
    long to = from + frames;
    for (int i = count - 1; i >= 0; i--) {
      if (first[i] < to && end[i] > from) {
        if (first[i] < from && end[i] > to) {
          if (count == first.length) {
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

  /** It has all of these frames. Any numbers may be asked for. */
  public boolean contains(long from, long frames) {
    long at = from;
    long to = from + frames;
    for (int i = 0; i < count; i++) { // each step ends one range, in whatever order they are
      for (int j = 0; j < count && at < to; j++) {
        if (at >= first[j] && at < end[j]) {
          at = end[j];
        }
      }
    }
    return from >= 0 && frames > 0 && to > from && at >= to;
  }
}
