package ristretto.core.event;

import ristretto.abi.SharedInfo;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.PhysmapPages;
import ristretto.core.time.Wallclock;
import ristretto.lang.BootOnly;

/** The shared info page of a domain: a hypervisor frame that the guest maps where it likes. */
public final class SharedPage {
  private final Domain domain;

  /** Physical address, 0 before {@link #start}. */
  private long address;

  @BootOnly
  public SharedPage(Domain domain) {
    this.domain = domain;
  }

  /** Allocates the page. False if there is no memory. */
  public boolean start() {
    long frame = Frames.allocate(0, domain.memory, FrameType.SHARED);
    if (frame < 0) {
      return false;
    }
    address = frame << Frames.SHIFT;
    SharedInfo info = info();
    Wallclock.show(info);
    domain.events.start(info);
    return true;
  }

  public boolean isStarted() {
    return address != 0;
  }

  /** XENMAPSPACE_shared_info: shows the page at {@code gfn}, too if it is shown elsewhere. */
  public long map(long gfn) {
    return PhysmapPages.show(domain, gfn, address >>> Frames.SHIFT);
  }

  public SharedInfo info() {
    return new SharedInfo(address);
  }
}
