package ristretto.core.event;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * What a port is bound to, in one word: state, and the other end or the source. One word, so that a
 * sender reads its own port without a lock; the receiving end is then checked under its own lock to
 * name the sender back, so that a stale link delivers nothing (SECURITY rule 2).
 */
@Unboxed
record Link(long bits) {
  static final int FREE = 0;

  /** Belongs to a binding that is being made: not free, answers as closed. */
  static final int RESERVED = 1;

  /** Waits for {@link #remoteDomain} to bind. */
  static final int UNBOUND = 2;

  static final int INTERDOMAIN = 3;
  static final int VIRQ = 4;
  static final int IPI = 5;

  /** {@link HypervisorPorts}: waits for {@link #remoteDomain} to bind. */
  static final int HYPERVISOR_UNBOUND = 6;

  /** {@link HypervisorPorts}: bound by {@link #remotePort}. */
  static final int HYPERVISOR = 7;

  /** Like INTERDOMAIN, but the other end is HYPERVISOR. */
  static final int TO_HYPERVISOR = 8;

  private static Link of(int state) {
    return new Link(Bits.put(0L, 3, 0, state));
  }

  static Link free() {
    return of(FREE);
  }

  static Link reserved() {
    return of(RESERVED);
  }

  static Link ipi() {
    return of(IPI);
  }

  static Link virq(int virq) {
    return new Link(Bits.put(of(VIRQ).bits, 51, 20, virq));
  }

  static Link unbound(int remoteDomain) {
    return new Link(Bits.put(of(UNBOUND).bits, 19, 4, remoteDomain));
  }

  static Link hypervisorUnbound(int remoteDomain) {
    return new Link(Bits.put(of(HYPERVISOR_UNBOUND).bits, 19, 4, remoteDomain));
  }

  static Link hypervisor(int remoteDomain, int remotePort) {
    return connected(HYPERVISOR, remoteDomain, remotePort);
  }

  static Link toHypervisor(int remoteDomain, int remotePort) {
    return connected(TO_HYPERVISOR, remoteDomain, remotePort);
  }

  @Inline
  static Link interdomain(int remoteDomain, int remotePort) {
    return connected(INTERDOMAIN, remoteDomain, remotePort);
  }

  @Inline
  private static Link connected(int state, int remoteDomain, int remotePort) {
    return new Link(Bits.put(Bits.put(of(state).bits, 19, 4, remoteDomain), 51, 20, remotePort));
  }

  @Inline
  int state() {
    return (int) Bits.get(bits, 3, 0);
  }

  /** domid_t of the other end: all states with another domain. */
  @Inline
  int remoteDomain() {
    return (int) Bits.get(bits, 19, 4);
  }

  /** INTERDOMAIN, HYPERVISOR and TO_HYPERVISOR. */
  @Inline
  int remotePort() {
    return (int) Bits.get(bits, 51, 20);
  }

  /** The domain whose port this is has no say about it: {@link HypervisorPorts}. */
  boolean isHypervisors() {
    return state() == HYPERVISOR_UNBOUND || state() == HYPERVISOR;
  }

  /** VIRQ. */
  int virq() {
    return (int) Bits.get(bits, 51, 20);
  }

  @Inline
  boolean equalTo(Link other) {
    return bits == other.bits;
  }
}
