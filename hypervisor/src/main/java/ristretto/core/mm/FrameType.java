package ristretto.core.mm;

/** What a frame is used for: who may touch it. */
public final class FrameType {
  /** A guest's memory. */
  public static final int RAM = 0;

  /** Written by the hypervisor and mapped for a guest too: shared info, grant table. */
  public static final int SHARED = 1;

  /** The hypervisor's alone, charged to a domain: stage 2 tables, port tables. */
  public static final int PRIVATE = 2;

  private FrameType() {}
}
