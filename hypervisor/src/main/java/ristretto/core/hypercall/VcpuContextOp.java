package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlVcpu.Context;
import ristretto.abi.Errno;
import ristretto.abi.VcpuContext;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainLife;
import ristretto.core.domain.GuestContext;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * XEN_DOMCTL_setvcpucontext and getvcpucontext: the registers of a vCPU, which stands still and is
 * on no CPU meanwhile.
 */
@Cold
final class VcpuContextOp {
  private VcpuContextOp() {}

  /** The vCPU goes on with the given registers; online if the flags say so. */
  static long set(Vcpu caller, Domain domain, Domctl argument) {
    Context where = new Context(argument.payload());
    if (!exists(domain, where)) {
      return Errno.EINVAL;
    }
    if (!DomainLife.hold(domain)) {
      return Hypercalls.CONTINUE;
    }
    long result = Errno.EFAULT;
    VcpuContext context = new VcpuContext(Scratch.buffer());
    if (GuestMemory.copyIn(caller, where.context(), context.address(), VcpuContext.SIZEOF)) {
      boolean set = GuestContext.set(domain.vcpus[where.vcpu()], context);
      result = set ? Errno.OK : Errno.EINVAL;
    }
    DomainLife.letGo(domain);
    return result;
  }

  /** ENODATA for a vCPU that never had registers. */
  static long get(Vcpu caller, Domain domain, Domctl argument) {
    Context where = new Context(argument.payload());
    if (!exists(domain, where)) {
      return Errno.EINVAL;
    }
    Vcpu vcpu = domain.vcpus[where.vcpu()];
    if (!vcpu.isInitialised()) {
      return Errno.ENODATA;
    }
    if (!DomainLife.hold(domain)) {
      return Hypercalls.CONTINUE;
    }
    VcpuContext context = new VcpuContext(Scratch.buffer());
    Memory.zero(context.address(), VcpuContext.SIZEOF);
    GuestContext.get(vcpu, context);
    DomainLife.letGo(domain);
    return GuestMemory.copyOut(caller, where.context(), context.address(), VcpuContext.SIZEOF)
        ? Errno.OK
        : Errno.EFAULT;
  }

  private static boolean exists(Domain domain, Context where) {
    return !domain.isDying() && Integer.compareUnsigned(where.vcpu(), domain.vcpuCount) < 0;
  }
}
