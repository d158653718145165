package ristretto.abi;

/** {@code XENFEAT_*}: bit numbers of the first submap. {@code xen/include/public/features.h}. */
public final class Feature {
  public static final int WRITABLE_PAGE_TABLES = 0;
  public static final int AUTO_TRANSLATED_PHYSMAP = 2;
  public static final int DOM0 = 11;
  public static final int MEMORY_OP_VNODE_SUPPORTED = 13;
  public static final int ARM_SMCCC_SUPPORTED = 14;
  public static final int NOT_DIRECT_MAPPED = 16;
  public static final int DIRECT_MAPPED = 17;
  public static final int RUNSTATE_PHYS_AREA = 18;

  private Feature() {}
}
