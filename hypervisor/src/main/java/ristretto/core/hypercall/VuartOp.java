package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlVuart;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.lang.Cold;

/** XEN_DOMCTL_vuart_op: the emulated UART of a domain that has not run yet, {@code vuart=}. */
@Cold
final class VuartOp {
  private VuartOp() {}

  static long call(Domain domain, Domctl argument) {
    DomctlVuart uart = new DomctlVuart(argument.payload());
    if (uart.pad() != 0 || uart.command() != DomctlVuart.INIT || domain.privileged) {
      return Errno.EINVAL;
    }
    if (domain.started) {
      return Errno.EPERM;
    }
    if (uart.type() != DomctlVuart.TYPE_VPL011) {
      return Errno.EOPNOTSUPP;
    }
    long port = domain.uart.start(uart.gfn(), uart.consoleDomain());
    if (port < 0) {
      return port;
    }
    uart.setPort((int) port);
    return Errno.OK;
  }
}
