package ristretto.core.mm;

import ristretto.core.domain.Domain;

/** Pages of the hypervisor that a domain asks to see: its shared info, its grant table. */
public final class PhysmapPages {
  private PhysmapPages() {}

  /**
   * Maps a hypervisor frame at {@code gfn}, in place of what was there, which the domain gives
   * back.
   *
   * @return OK; EINVAL, ENOMEM; EBUSY where a granted page is mapped
   */
  public static long show(Domain domain, long gfn, long frame) {
    return domain.p2m.replace(gfn, frame, P2mType.SHARED);
  }
}
