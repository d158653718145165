package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.abi.SharedInfo;
import ristretto.abi.VcpuInfo;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.PhysmapPages;
import ristretto.core.time.Wallclock;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;

/** The shared info page of a domain: a hypervisor frame that the guest maps where it likes. */
public final class SharedPage {
  private final Domain domain;

  /** {@link #shownAt}: the guest has not mapped it. */
  private static final long NOWHERE = -1;

  /** Physical address, 0 before {@link #start}. */
  private long address;

  private volatile long shownAt = NOWHERE;

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
    shownAt = NOWHERE;
    SharedInfo info = info();
    Wallclock.show(domain);
    domain.events.start(info);
    return true;
  }

  /** The domain dies: its page goes, which others may still have mapped. */
  void release() {
    long frame = address >>> Frames.SHIFT;
    if (frame != 0) {
      Wallclock.leave(domain);
      Frames.free(frame, 0);
    }
  }

  /** From here on it shows nothing. */
  public void forget() {
    address = 0;
  }

  public boolean isStarted() {
    return address != 0;
  }

  /** XENMAPSPACE_shared_info: shows the page at {@code gfn}, too if it is shown elsewhere. */
  public long map(long gfn) {
    if (!isStarted()) {
      return Errno.EINVAL; // its domain dies
    }
    long result = PhysmapPages.show(domain, gfn, address >>> Frames.SHIFT);
    if (result == Errno.OK) {
      shownAt = gfn;
    }
    return result;
  }

  /** The guest frame at which it was shown last, or all ones. */
  public long shownAt() {
    return shownAt;
  }

  public SharedInfo info() {
    return new SharedInfo(address);
  }

  /**
   * A structure of {@code size} bytes at {@code offset} of a guest's page is aligned and inside.
   */
  static boolean fits(int offset, int size) {
    return Integer.compareUnsigned(offset, Frames.SIZE - size) <= 0
        && Bits.isAligned(offset, VcpuInfo.ALIGNMENT);
  }
}
