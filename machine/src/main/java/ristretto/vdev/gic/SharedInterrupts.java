package ristretto.vdev.gic;

import java.util.Arrays;

/**
 * The interrupts that all CPUs share, INTIDs from 32 up. Bit arrays are indexed by INTID / 32, so
 * their word 0 is unused.
 */
public final class SharedInterrupts {
  public final int[] group;
  public final int[] enabled;

  /** Pending by an edge or by software, until acknowledged. */
  public final int[] latched;

  /** The wires of level-triggered sources. */
  public final int[] line;

  public final int[] active;

  /** Edge-triggered. */
  public final int[] edge;

  /** Four priorities a word, as IPRIORITYR. */
  public final int[] priority;

  /** By INTID. GICv2: the mask of target CPUs; GICv3: the affinity, Aff3 in [31:24]. */
  public final int[] route;

  /** GICv3, Interrupt_Routing_Mode: any CPU will do. */
  public final int[] anyCpu;

  /**
   * @param lines INTIDs to hold, a multiple of 32
   */
  public SharedInterrupts(int lines) {
    int words = lines / 32;
    group = new int[words];
    enabled = new int[words];
    latched = new int[words];
    line = new int[words];
    active = new int[words];
    edge = new int[words];
    anyCpu = new int[words];
    priority = new int[lines / 4];
    route = new int[lines];
  }

  /** INTIDs that there is room for. */
  public int capacity() {
    return route.length;
  }

  /** Back to reset: nothing enabled, pending or active; every route is {@code initialRoute}. */
  public void clear(int initialRoute) {
    Arrays.fill(group, 0);
    Arrays.fill(enabled, 0);
    Arrays.fill(latched, 0);
    Arrays.fill(line, 0);
    Arrays.fill(active, 0);
    Arrays.fill(edge, 0);
    Arrays.fill(anyCpu, 0);
    Arrays.fill(priority, 0);
    Arrays.fill(route, initialRoute);
  }

  /** Bits of what is pending in {@code word}, be it latched or by level. */
  public int pendingBits(int word) {
    return latched[word] | line[word] & ~edge[word];
  }

  public int priority(int intid) {
    return priority[intid >>> 2] >>> 8 * (intid & 3) & 0xff;
  }

  public boolean isAnyCpu(int intid) {
    return (anyCpu[intid >>> 5] >>> (intid & 31) & 1) != 0;
  }
}
