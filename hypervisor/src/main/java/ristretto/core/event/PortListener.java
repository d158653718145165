package ristretto.core.event;

/** Who hears, within the hypervisor, what is sent to a domain's {@link HypervisorPorts}. */
public interface PortListener {
  /** Something was sent. No lock of event channels is held. It may come once too often. */
  void signalled();
}
