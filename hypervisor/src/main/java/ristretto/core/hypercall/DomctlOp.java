package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Errno;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * domctl, Dom0 alone: making, watching and ending domains. x0: {@code struct xen_domctl}. {@code
 * xen/include/public/domctl.h}. The argument is copied in here, once; a command works on the copy,
 * and what it answers is copied back from there.
 */
@Cold
final class DomctlOp {
  private DomctlOp() {}

  @Cold
  static long call(Vcpu caller, TrapFrame frame) {
    if (!caller.domain.privileged) {
      return Errno.EPERM;
    }
    Toolstack.LOCK.lock();
    DomainEnd.reap();
    long result = serve(caller, frame.x(0));
    Toolstack.LOCK.unlock();
    return result;
  }

  private static long serve(Vcpu caller, long guest) {
    if (!Scratch.copyArgument(caller, guest, Domctl.SIZEOF)) {
      return Errno.EFAULT;
    }
    Domctl argument = new Domctl(Scratch.argument());
    if (!argument.isKnownVersion()) {
      return Errno.EACCES;
    }
    long result = dispatch(caller, argument);
    if (isAnswered(argument.command(), result)
        && !Scratch.returnArgument(caller, guest, Domctl.SIZEOF)) {
      return Errno.EFAULT;
    }
    return result;
  }

  private static long dispatch(Vcpu caller, Domctl argument) {
    if (argument.command() == DomctlCommand.CREATE_DOMAIN) {
      return DomainLifeOp.create(caller, argument);
    }
    if (argument.command() == DomctlCommand.TEST_ASSIGN_DEVICE) {
      return Errno.EOPNOTSUPP; // no domain need be named
    }
    Domain domain = Domains.find(argument.domainId());
    if (domain == null
        && argument.command() == DomctlCommand.GET_DOMAIN_INFO
        && argument.interfaceVersion() <= Domctl.VERSION_4_18) {
      // xenconsoled of 4.17 walks all domains so: the answer says whose it is.
      domain = DomainInfoOp.nextDomain(argument.domainId());
    }
    if (domain == null) {
      return Errno.ESRCH;
    }
    return switch (argument.command()) {
      case DomctlCommand.DESTROY_DOMAIN -> DomainLifeOp.destroy(caller, domain, argument);
      case DomctlCommand.PAUSE_DOMAIN -> DomainLifeOp.pause(caller, domain, argument);
      case DomctlCommand.UNPAUSE_DOMAIN -> DomainLifeOp.unpause(caller, domain, argument);
      case DomctlCommand.RESUME_DOMAIN -> DomainLifeOp.resume(caller, domain, argument);
      case DomctlCommand.MAX_VCPUS -> DomainLifeOp.setMaximumVcpus(caller, domain, argument);
      case DomctlCommand.SET_VCPU_CONTEXT -> DomainLifeOp.setContext(caller, domain, argument);
      case DomctlCommand.GET_VCPU_CONTEXT -> DomainLifeOp.getContext(caller, domain, argument);
      case DomctlCommand.MAX_MEM -> DomainMemoryOp.setMaximum(caller, domain, argument);
      case DomctlCommand.CACHE_FLUSH -> DomainMemoryOp.flushCaches(caller, domain, argument);
      case DomctlCommand.GET_PAGING_MEMPOOL_SIZE ->
          DomainMemoryOp.getPagingPool(caller, domain, argument);
      case DomctlCommand.SET_PAGING_MEMPOOL_SIZE ->
          DomainMemoryOp.setPagingPool(caller, domain, argument);
      case DomctlCommand.GET_DOMAIN_INFO -> DomainInfoOp.domain(domain, argument);
      case DomctlCommand.GET_VCPU_INFO -> DomainInfoOp.vcpu(domain, argument);
      case DomctlCommand.SET_VCPU_AFFINITY -> AffinityOp.set(caller, domain, argument);
      case DomctlCommand.GET_VCPU_AFFINITY -> AffinityOp.get(caller, domain, argument);
      case DomctlCommand.SET_NODE_AFFINITY -> AffinityOp.setNodes(caller, argument);
      case DomctlCommand.GET_NODE_AFFINITY -> AffinityOp.getNodes(caller, argument);
      case DomctlCommand.SCHEDULER_OP -> DomainSettingsOp.schedule(domain, argument);
      case DomctlCommand.SET_DOMAIN_HANDLE -> DomainSettingsOp.setHandle(domain, argument);
      case DomctlCommand.SET_TIME_OFFSET -> DomainSettingsOp.setTimeOffset(domain, argument);
      case DomctlCommand.SUBSCRIBE -> DomainSettingsOp.subscribe(domain, argument);
      case DomctlCommand.SET_ADDRESS_SIZE -> DomainSettingsOp.setAddressSize(argument);
      case DomctlCommand.GET_ADDRESS_SIZE -> DomainSettingsOp.getAddressSize(argument);
      case DomctlCommand.IOMEM_PERMISSION -> PassthroughOp.permitMemory(domain, argument);
      case DomctlCommand.IRQ_PERMISSION -> PassthroughOp.permitInterrupt(argument);
      case DomctlCommand.MEMORY_MAPPING -> PassthroughOp.map(domain, argument);
      case DomctlCommand.BIND_PT_IRQ -> PassthroughOp.bind(domain, argument);
      case DomctlCommand.UNBIND_PT_IRQ -> PassthroughOp.unbind(domain, argument);
      case DomctlCommand.SET_LLC_COLORS, // caches are not coloured
          DomctlCommand.ASSIGN_DEVICE, // nothing isolates DMA yet
          DomctlCommand.DEASSIGN_DEVICE ->
          Errno.EOPNOTSUPP;
      default -> Errno.ENOSYS;
    };
  }

  /** The caller's structure gets the copy's content: what was asked, or where to go on. */
  private static boolean isAnswered(int command, long result) {
    if (result < 0) {
      return result == Hypercalls.CONTINUE;
    }
    return switch (command) {
      case DomctlCommand.CREATE_DOMAIN,
          DomctlCommand.GET_DOMAIN_INFO,
          DomctlCommand.GET_VCPU_INFO,
          DomctlCommand.SCHEDULER_OP,
          DomctlCommand.GET_ADDRESS_SIZE,
          DomctlCommand.GET_PAGING_MEMPOOL_SIZE,
          DomctlCommand.VUART_OP ->
          true;
      default -> false;
    };
  }
}
