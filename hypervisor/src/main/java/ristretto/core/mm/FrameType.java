package ristretto.core.mm;

/** What a frame is used for: who may touch it. */
public final class FrameType {
  /** A guest's memory. */
  public static final int RAM = 0;

  /** Written by the hypervisor and mapped for a guest too: shared info, grant table. */
  public static final int SHARED = 1;

  /** The hypervisor's alone, charged to a domain: port tables, grant bookkeeping. */
  public static final int PRIVATE = 2;

  /** Private too, with a limit of its own, the toolstack's "paging pool": stage 2 tables. */
  public static final int TABLE = 3;

  private FrameType() {}

  /** Others than the hypervisor may reach such frames. */
  static boolean isVisible(int type) {
    return type == RAM || type == SHARED;
  }
}
