package ristretto.core.mm;

/** What a stage 2 entry maps. (The owner, sibling "mm", replaces this outline.) */
public final class P2mType {
  /** A page of the hypervisor for this domain: shared info, grant table. */
  public static final int SHARED = 7;

  private P2mType() {}
}
