package ristretto.core.domain;

import ristretto.lang.BootOnly;

/**
 * What of the machine Dom0's tools may give to other domains: the frames of devices that Dom0 has
 * or that are withheld from it for others, and the interrupts of the latter. Filled while booting.
 */
public final class MachineDevices {
  private static final int RANGES = 128;
  private static final int INTIDS = 1024;

  private static final FrameRanges FRAMES = new FrameRanges(RANGES);

  /** By INTID. */
  private static final boolean[] INTERRUPTS = new boolean[INTIDS];

  private MachineDevices() {}

  @BootOnly
  public static void clear() {
    FRAMES.clear();
    for (int i = 0; i < INTIDS; i++) {
      INTERRUPTS[i] = false;
    }
  }

  /**
   * Adds frames.
   *
   * @return false if there are too many ranges: nobody can be given these
   */
  @BootOnly
  public static boolean add(long first, long frames) {
    return FRAMES.add(first, frames);
  }

  @BootOnly
  public static void addInterrupt(int intid) {
    INTERRUPTS[intid] = true;
  }

  /** All of these frames may be given away. Any numbers may be asked for. */
  public static boolean mayGive(long first, long frames) {
    return FRAMES.contains(first, frames);
  }

  /** This SPI may be given away. Any number may be asked for. */
  public static boolean mayGiveInterrupt(int intid) {
    return intid >= 0 && intid < INTIDS && INTERRUPTS[intid];
  }
}
