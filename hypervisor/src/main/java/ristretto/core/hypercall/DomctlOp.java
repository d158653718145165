package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/** domctl: making, watching and ending domains. {@code xen/include/public/domctl.h}. */
@Cold
final class DomctlOp extends ToolstackOp {
  static final DomctlOp CALL = new DomctlOp();

  private DomctlOp() {
    super(Domctl.SIZEOF);
  }

  @Override
  boolean isKnownVersion(long argument) {
    return new Domctl(argument).isKnownVersion();
  }

  @Override
  long dispatch(Vcpu caller, long address) {
    Domctl argument = new Domctl(address);
    if (argument.command() == DomctlCommand.CREATE_DOMAIN) {
      return DomainCreation.create(argument);
    }
    if (argument.command() == DomctlCommand.GET_DOMAIN_STATE) {
      return DomainStateOp.call(caller, argument); // of any domain, perhaps
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
      case DomctlCommand.DESTROY_DOMAIN,
          DomctlCommand.PAUSE_DOMAIN,
          DomctlCommand.UNPAUSE_DOMAIN,
          DomctlCommand.RESUME_DOMAIN,
          DomctlCommand.MAX_VCPUS,
          DomctlCommand.SET_VCPU_CONTEXT,
          DomctlCommand.GET_VCPU_CONTEXT ->
          DomainLifeOp.call(caller, domain, argument);
      case DomctlCommand.MAX_MEM -> DomainMemoryOp.setMaximum(domain, argument);
      case DomctlCommand.CACHE_FLUSH -> DomainMemoryOp.flushCaches(domain, argument);
      case DomctlCommand.GET_PAGING_MEMPOOL_SIZE -> DomainMemoryOp.getPagingPool(domain, argument);
      case DomctlCommand.SET_PAGING_MEMPOOL_SIZE -> DomainMemoryOp.setPagingPool(domain, argument);
      case DomctlCommand.GET_DOMAIN_INFO -> DomainInfoOp.domain(domain, argument);
      case DomctlCommand.GET_VCPU_INFO -> DomainInfoOp.vcpu(domain, argument);
      case DomctlCommand.SET_VCPU_AFFINITY -> AffinityOp.set(caller, domain, argument);
      case DomctlCommand.GET_VCPU_AFFINITY -> AffinityOp.get(caller, domain, argument);
      case DomctlCommand.SET_NODE_AFFINITY -> AffinityOp.setNodes(caller, argument);
      case DomctlCommand.GET_NODE_AFFINITY -> AffinityOp.getNodes(caller, argument);
      case DomctlCommand.SCHEDULER_OP -> SchedulingOp.ofDomain(caller, domain, argument);
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
      case DomctlCommand.VUART_OP -> VuartOp.call(domain, argument);
      case DomctlCommand.SET_VIRQ_HANDLER -> DomainSettingsOp.setVirqHandler(domain, argument);
      case DomctlCommand.SET_LLC_COLORS, // caches are not coloured
          DomctlCommand.GET_DEVICE_GROUP,
          DomctlCommand.MONITOR_OP,
          DomctlCommand.DT_OVERLAY,
          DomctlCommand.ASSIGN_DEVICE, // nothing isolates DMA yet
          DomctlCommand.DEASSIGN_DEVICE ->
          Errno.EOPNOTSUPP;
      default -> Errno.ENOSYS;
    };
  }

  @Override
  boolean isAnswered(long argument, long result) {
    if (result < 0) {
      return false;
    }
    return switch (new Domctl(argument).command()) {
      case DomctlCommand.CREATE_DOMAIN,
          DomctlCommand.GET_DOMAIN_INFO,
          DomctlCommand.GET_VCPU_INFO,
          DomctlCommand.GET_DOMAIN_STATE,
          DomctlCommand.SCHEDULER_OP,
          DomctlCommand.GET_ADDRESS_SIZE,
          DomctlCommand.GET_PAGING_MEMPOOL_SIZE,
          DomctlCommand.VUART_OP ->
          true;
      default -> false;
    };
  }
}
