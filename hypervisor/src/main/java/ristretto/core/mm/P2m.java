package ristretto.core.mm;

/** Stage 2 of a domain. (The owner, sibling "mm", replaces this outline.) */
public final class P2m {
  /** VTTBR_EL2: table and VMID. */
  public long vttbr() {
    throw new UnsupportedOperationException();
  }

  /** Who pays for its tables and its memory. */
  public MemoryAccount account() {
    return Frames.hypervisor();
  }

  /** The page at this intermediate physical address is the domain's RAM, readable and executable. */
  public boolean isRam(long address) {
    throw new UnsupportedOperationException();
  }
}
