package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.abi.VcpuInfo;
import ristretto.core.domain.Vcpu;
import ristretto.machine.Memory;

/** The page of its own choice in which a vCPU is shown its vcpu_info. */
public final class VcpuInfoPage {
  private VcpuInfoPage() {}

  /** VCPUOP_register_vcpu_info: once for each vCPU. */
  public static long register(Vcpu vcpu, long gfn, int offset) {
    if (!SharedPage.fits(offset, VcpuInfo.SIZEOF)) {
      return Errno.EINVAL;
    }
    EventChannels events = vcpu.domain.events;
    events.lock.lock();
    long page = vcpu.events.registered ? 0 : vcpu.domain.p2m.pin(gfn);
    if (page != 0) {
      move(vcpu.events, new VcpuInfo(page + offset));
      events.line.raise(vcpu);
    }
    events.lock.unlock();
    return page != 0 ? Errno.OK : Errno.EINVAL;
  }

  /**
   * What was pending in the old place is pending in the new one; the guest is told to look anew.
   */
  private static void move(VcpuEvents events, VcpuInfo to) {
    if (events.vcpuInfo != 0) {
      Memory.copy(to.address(), events.vcpuInfo, VcpuInfo.SIZEOF);
    } else {
      Memory.zero(to.address(), VcpuInfo.SIZEOF);
    }
    events.vcpuInfo = to.address();
    events.registered = true;
    Memory.store64(to.selector(), -1);
    to.setUpcallPending();
  }
}
