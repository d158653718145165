package ristretto.core.domain;

import ristretto.lang.BootOnly;

/**
 * What of the machine Dom0's tools may give to other domains: the frames of devices that Dom0 has
 * or that are withheld from it for others, and the interrupts of the latter. Filled while booting.
 */
public final class MachineDevices {
  private static final int RANGES = 128;
  private static final int INTIDS = 1024;

  private static final long[] FIRST = new long[RANGES];
  private static final long[] END = new long[RANGES];
  private static int count;

  /** By INTID. */
  private static final boolean[] INTERRUPTS = new boolean[INTIDS];

  private MachineDevices() {}

  @BootOnly
  public static void clear() {
    count = 0;
    for (int i = 0; i < INTIDS; i++) {
      INTERRUPTS[i] = false;
    }
  }

  /**
   * Adds frames; ranges do not overlap.
   *
   * @return false if there are too many ranges: nobody can be given these
   */
  @BootOnly
  public static boolean add(long first, long frames) {
    if (count == RANGES) {
      return false;
    }
    FIRST[count] = first;
    END[count] = first + frames;
    count++;
    return true;
  }

  @BootOnly
  public static void addInterrupt(int intid) {
    INTERRUPTS[intid] = true;
  }

  /** All of these frames may be given away. Any numbers may be asked for. */
  public static boolean mayGive(long first, long frames) {
    long at = first;
    long end = first + frames;
    for (int i = 0; i < count; i++) { // each step ends one range, in whatever order they are
      for (int j = 0; j < count && at < end; j++) {
        if (at >= FIRST[j] && at < END[j]) {
          at = END[j];
        }
      }
    }
    return first >= 0 && frames > 0 && end > first && at >= end;
  }

  /** This SPI may be given away. Any number may be asked for. */
  public static boolean mayGiveInterrupt(int intid) {
    return intid >= 0 && intid < INTIDS && INTERRUPTS[intid];
  }
}
