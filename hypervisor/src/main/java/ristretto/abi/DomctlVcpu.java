package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Domctl} that concern vCPUs. {@code xen/include/public/domctl.h}. */
public final class DomctlVcpu {
  /** {@code XEN_VCPUAFFINITY_*}: bits of the flags of {@link Affinity}. */
  public static final int AFFINITY_HARD = 0;

  public static final int AFFINITY_SOFT = 1;
  public static final int AFFINITY_FORCE = 2;

  private DomctlVcpu() {}

  @CStruct("struct xen_domctl_max_vcpus")
  @Unboxed
  public record MaxVcpus(long address) {
    public static final int MAX = 0; // uint32_t, IN
    public static final int SIZEOF = 4;

    public int maximum() {
      return Memory.load32(address + MAX);
    }
  }

  /** setvcpucontext and getvcpucontext. */
  @CStruct("struct xen_domctl_vcpucontext")
  @Unboxed
  public record Context(long address) {
    public static final int VCPU = 0; // uint32_t, IN
    public static final int CTXT = 8; // XEN_GUEST_HANDLE_64(vcpu_guest_context_t), IN

    public static final int SIZEOF = 16;

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }

    /** The caller's address of a {@link VcpuContext}. */
    public long context() {
      return Memory.load64(address + CTXT);
    }
  }

  @CStruct("struct xen_domctl_getvcpuinfo")
  @Unboxed
  public record VcpuState(long address) {
    public static final int VCPU = 0; // uint32_t, IN
    public static final int ONLINE = 4; // uint8_t, OUT
    public static final int BLOCKED = 5; // uint8_t, OUT
    public static final int RUNNING = 6; // uint8_t, OUT
    public static final int CPU_TIME = 8; // uint64_t, OUT: ns
    public static final int CPU = 16; // uint32_t, OUT
    public static final int SIZEOF = 24;

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }

    public void setVcpu(int id) {
      Memory.store32(address + VCPU, id);
    }

    public void setState(boolean online, boolean blocked, boolean running) {
      Memory.store8(address + ONLINE, online ? 1 : 0);
      Memory.store8(address + BLOCKED, blocked ? 1 : 0);
      Memory.store8(address + RUNNING, running ? 1 : 0);
    }

    public void setCpuTime(long nanoseconds) {
      Memory.store64(address + CPU_TIME, nanoseconds);
    }

    public void setCpu(int cpu) {
      Memory.store32(address + CPU, cpu);
    }
  }

  /** setvcpuaffinity and getvcpuaffinity. */
  @CStruct("struct xen_domctl_vcpuaffinity")
  @Unboxed
  public record Affinity(long address) {
    public static final int VCPU = 0; // uint32_t, IN
    public static final int FLAGS = 4; // uint32_t, IN
    public static final int CPUMAP_HARD = 8; // struct xenctl_bitmap, IN and OUT
    public static final int CPUMAP_SOFT = 24; // struct xenctl_bitmap, IN and OUT
    public static final int SIZEOF = 40;

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }

    public int flags() {
      return Memory.load32(address + FLAGS);
    }

    public Bitmap hard() {
      return new Bitmap(address + CPUMAP_HARD);
    }

    public Bitmap soft() {
      return new Bitmap(address + CPUMAP_SOFT);
    }
  }

  /** set_address_size and get_address_size: bits of the guest's registers. */
  @CStruct("struct xen_domctl_address_size")
  @Unboxed
  public record AddressSize(long address) {
    public static final int SIZE = 0; // uint32_t, IN or OUT
    public static final int SIZEOF = 4;

    public int bits() {
      return Memory.load32(address + SIZE);
    }

    public void setBits(int bits) {
      Memory.store32(address + SIZE, bits);
    }
  }

  @CStruct("struct xen_domctl_sendtrigger")
  @Unboxed
  public record Trigger(long address) {
    public static final int TRIGGER = 0; // uint32_t, IN
    public static final int VCPU = 4; // uint32_t, IN
    public static final int SIZEOF = 8;
  }
}
