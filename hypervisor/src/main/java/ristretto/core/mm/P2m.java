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

  /**
   * Keeps a page of the domain's writable RAM for the hypervisor's own use until {@link #unpin}, even
   * when the domain gives it back.
   *
   * @return its hypervisor address, or 0 when it is no such page
   */
  public long pin(long gfn) {
    throw new UnsupportedOperationException();
  }

  /** Ends {@link #pin}. */
  public void unpin(long address) {
    throw new UnsupportedOperationException();
  }

  /** Maps 2^order frames; {@link P2mType}; OK, EINVAL, EEXIST where something is mapped, ENOMEM. */
  public long map(long gfn, long mfn, int order, int type) {
    throw new UnsupportedOperationException();
  }

  /** Removes the mappings of 2^order frames: OK, EINVAL, or ENOMEM and then nothing was removed. */
  public long unmap(long gfn, int order) {
    throw new UnsupportedOperationException();
  }
}
