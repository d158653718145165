package ristretto.core.mm;

import ristretto.core.domain.Vcpu;

/** Copies from and to the memory of the running vCPU. (The owner, sibling "mm", replaces this outline.) */
public final class GuestMemory {
  private GuestMemory() {}

  /** Copies from the guest's virtual address to hypervisor memory. False: it may not read there. */
  public static boolean copyIn(Vcpu vcpu, long guestVirtual, long target, long size) {
    throw new UnsupportedOperationException();
  }

  /** Copies to the guest's virtual address. False: the guest may not write there. */
  public static boolean copyOut(Vcpu vcpu, long guestVirtual, long source, long size) {
    throw new UnsupportedOperationException();
  }

  /**
   * The intermediate physical address behind a virtual address that the running guest may write, or
   * -1.
   */
  public static long toPhysical(long guestVirtual) {
    throw new UnsupportedOperationException();
  }
}
