package ristretto.tools.trace;

/** A vCPU as records name it. */
public record VcpuId(int domain, int vcpu) implements Comparable<VcpuId> {
  /** {@code DOMID_IDLE}: its vCPUs stand for the time in which a CPU has nothing to do. */
  private static final int IDLE = 0x7fff;

  /** {@code dom << 16 | vcpu}. */
  static VcpuId of(int word) {
    return new VcpuId(word >>> 16, word & 0xffff);
  }

  boolean isIdle() {
    return domain == IDLE;
  }

  @Override
  public int compareTo(VcpuId other) {
    int byDomain = Integer.compare(domain, other.domain);
    return byDomain != 0 ? byDomain : Integer.compare(vcpu, other.vcpu);
  }

  /** As Xen's log writes it. */
  @Override
  public String toString() {
    return "d" + domain + "v" + vcpu;
  }
}
