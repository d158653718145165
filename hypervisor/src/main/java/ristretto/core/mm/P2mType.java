package ristretto.core.mm;

import ristretto.arch.Stage2Descriptor;

/** What a guest page is; kept in the software bits of its stage 2 entry. */
public final class P2mType {
  /** The domain's own memory. */
  public static final int RAM_RW = 1;

  /** The domain's own memory, which it may not write. */
  public static final int RAM_RO = 2;

  /** Registers of a device that the domain owns. */
  public static final int DEVICE = 3;

  /** Another domain's page, granted for reading and writing. */
  public static final int GRANT_RW = 4;

  /** Another domain's page, granted for reading. */
  public static final int GRANT_RO = 5;

  /** Another domain's page, mapped by its controller. */
  public static final int FOREIGN = 6;

  /** A page of the hypervisor for this domain: shared info, grant table. */
  public static final int SHARED = 7;

  /**
   * Memory that firmware or a device owns, where the domain may use it but EL2 does not map it: not
   * to be taken for {@link #RAM_RW}.
   */
  public static final int RESERVED = 8;

  private P2mType() {}

  /**
   * The rights that go with a type, as a block at address 0; INVALID when there is no such type.
   */
  static Stage2Descriptor descriptor(int type) {
    return switch (type) {
      case RAM_RW -> Stage2Descriptor.normal(true).withType(type);
      case RAM_RO -> Stage2Descriptor.normal(false).withType(type);
      case DEVICE -> Stage2Descriptor.device().withType(type);
      case GRANT_RW, FOREIGN, SHARED, RESERVED ->
          Stage2Descriptor.normal(true).executeNever().withType(type);
      case GRANT_RO -> Stage2Descriptor.normal(false).executeNever().withType(type);
      default -> Stage2Descriptor.INVALID;
    };
  }

  /** The domain's own memory: what hypercall arguments may lie in. */
  static boolean isOwnMemory(int type) {
    return type == RAM_RW || type == RAM_RO;
  }

  /** Mapped through a grant handle, which alone unmaps it. */
  static boolean isGrant(int type) {
    return type == GRANT_RW || type == GRANT_RO;
  }
}
