package ristretto.abi;

/** {@code domid_t}, 16 bits. {@code xen/include/public/xen.h}. */
public final class DomainId {
  /** {@code DOMID_FIRST_RESERVED}: ordinary domains are below. */
  public static final int FIRST_RESERVED = 0x7ff0;

  /** {@code DOMID_SELF}: the caller. */
  public static final int SELF = 0x7ff0;

  public static final int IO = 0x7ff1;
  public static final int XEN = 0x7ff2;
  public static final int COW = 0x7ff3;
  public static final int INVALID = 0x7ff4;
  public static final int IDLE = 0x7fff;

  private DomainId() {}
}
