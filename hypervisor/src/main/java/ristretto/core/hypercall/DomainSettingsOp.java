package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlSettings;
import ristretto.abi.DomctlVcpu.AddressSize;
import ristretto.abi.Errno;
import ristretto.abi.Virq;
import ristretto.core.domain.Domain;
import ristretto.core.time.Wallclock;
import ristretto.lang.Cold;

/** Commands of domctl that set one property of a domain, or ask for it. */
@Cold
final class DomainSettingsOp {
  /** Bits of a guest's registers: there are no AArch32 domains. */
  private static final int ADDRESS_SIZE = 64;

  private DomainSettingsOp() {}

  /** XEN_DOMCTL_setdomainhandle. */
  static long setHandle(Domain domain, Domctl argument) {
    DomctlSettings.Uuid handle = new DomctlSettings.Uuid(argument.payload());
    domain.handle[0] = handle.low();
    domain.handle[1] = handle.high();
    return Errno.OK;
  }

  /** XEN_DOMCTL_settimeoffset. */
  static long setTimeOffset(Domain domain, Domctl argument) {
    domain.settings.timeOffset = new DomctlSettings.TimeOffset(argument.payload()).seconds();
    if (domain.shared.isStarted()) {
      Wallclock.show(domain);
    }
    return Errno.OK;
  }

  /** XEN_DOMCTL_subscribe: who is told that the domain suspends, instead of VIRQ_DOM_EXC. */
  static long subscribe(Domain domain, Domctl argument) {
    domain.settings.suspendPort = new DomctlSettings.Subscription(argument.payload()).port();
    return Errno.OK;
  }

  /**
   * XEN_DOMCTL_set_virq_handler: who is told of something that concerns the machine. That is Dom0;
   * a xenstored in a domain of its own, which would ask for this, has no rights here either.
   */
  static long setVirqHandler(Domain domain, Domctl argument) {
    int virq = new DomctlSettings.VirqHandler(argument.payload()).virq();
    if (Integer.compareUnsigned(virq, Virq.COUNT) >= 0 || !Virq.isPrivileged(virq)) {
      return Errno.EINVAL;
    }
    return domain.privileged ? Errno.OK : Errno.EOPNOTSUPP;
  }

  /** XEN_DOMCTL_set_address_size. */
  static long setAddressSize(Domctl argument) {
    return new AddressSize(argument.payload()).bits() == ADDRESS_SIZE ? Errno.OK : Errno.EINVAL;
  }

  /** XEN_DOMCTL_get_address_size. */
  static long getAddressSize(Domctl argument) {
    new AddressSize(argument.payload()).setBits(ADDRESS_SIZE);
    return Errno.OK;
  }
}
