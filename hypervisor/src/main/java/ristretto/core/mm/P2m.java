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
   * Takes a reference on the frame of writable RAM at {@code gfn}, so that it stays the domain's.
   * Returns its physical address, or -1.
   */
  public long pin(long gfn) {
    throw new UnsupportedOperationException();
  }

  /** Gives back a reference that {@link #pin} took. */
  public void unpin(long address) {
    throw new UnsupportedOperationException();
  }

  /**
   * Maps 2^{@code order} frames from {@code mfn} on at {@code gfn}, in place of what was there. False
   * if there is no memory for the tables; then nothing has changed.
   */
  public boolean map(long gfn, long mfn, int order, P2mType type) {
    throw new UnsupportedOperationException();
  }

  /** Unmaps 2^{@code order} frames at {@code gfn}. False if a block could not be split. */
  public boolean unmap(long gfn, int order) {
    throw new UnsupportedOperationException();
  }
}
