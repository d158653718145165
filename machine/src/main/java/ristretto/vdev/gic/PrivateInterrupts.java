package ristretto.vdev.gic;

import java.util.Arrays;

/** A CPU's own interrupts, INTIDs 0 to 31, a bit each: SGIs 0 to 15 and PPIs 16 to 31. */
public class PrivateInterrupts {
  /** SGIs are edge-triggered, always. */
  public static final int SGIS = 0xffff;

  public int group;
  public int enabled;

  /** Pending by an edge or by software, until acknowledged. */
  public int latched;

  /** The wires of level-triggered sources. */
  public int line;

  public int active;

  /** Edge-triggered. */
  public int edge;

  /** Four priorities a word, as IPRIORITYR. */
  public final int[] priority = new int[8];

  public PrivateInterrupts() {
    clear();
  }

  /** Back to reset: nothing enabled, pending or active. */
  public final void clear() {
    group = 0;
    enabled = 0;
    latched = 0;
    line = 0;
    active = 0;
    edge = SGIS;
    Arrays.fill(priority, 0);
  }

  /** Bits of what is pending, be it latched or by level. */
  public final int pendingBits() {
    return latched | line & ~edge;
  }

  public final int priority(int intid) {
    return priority[intid >>> 2] >>> 8 * (intid & 3) & 0xff;
  }
}
