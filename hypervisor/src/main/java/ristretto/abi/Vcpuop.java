package ristretto.abi;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code VCPUOP_*}, sub-operations of vcpu_op that Arm has. {@code xen/include/public/vcpu.h}. */
public final class Vcpuop {
  public static final int REGISTER_RUNSTATE_MEMORY_AREA = 5;
  public static final int REGISTER_VCPU_INFO = 10;
  public static final int REGISTER_RUNSTATE_PHYS_AREA = 14;

  /** {@code VMASST_CMD_enable}, {@code VMASST_CMD_disable}: vm_assist's first argument. xen.h. */
  public static final int ASSIST_ENABLE = 0;

  public static final int ASSIST_DISABLE = 1;

  /** {@code VMASST_TYPE_runstate_update_flag}. xen.h. */
  public static final int ASSIST_RUNSTATE_UPDATE_FLAG = 5;

  private Vcpuop() {}

  @CStruct("struct vcpu_register_vcpu_info")
  @Unboxed
  public record RegisterVcpuInfo(long address) {
    public static final int MFN = 0; // uint64_t, IN: a guest frame number on Arm
    public static final int OFFSET = 8; // uint32_t, IN: within the page
    public static final int RSVD = 12; // uint32_t
    public static final int SIZEOF = 16;

    public long gfn() {
      return Memory.load64(address + MFN);
    }

    public int offset() {
      return Memory.load32(address + OFFSET);
    }
  }

  /** The argument of both runstate registrations: a virtual or a physical address, IN. */
  @CStruct("struct vcpu_register_runstate_memory_area")
  @Unboxed
  public record RegisterRunstate(long address) {
    @CMember("addr.p")
    public static final int ADDRESS = 0; // uint64_t, IN

    public static final int SIZEOF = 8;

    public long area() {
      return Memory.load64(address + ADDRESS);
    }
  }

  @CStruct("struct vcpu_runstate_info")
  @Unboxed
  public record RunstateInfo(long address) {
    public static final int STATE = 0; // int: RUNSTATE_*
    public static final int STATE_ENTRY_TIME = 8; // uint64_t, ns of system time
    public static final int TIME = 16; // uint64_t[4], ns in each state
    public static final int SIZEOF = 48;

    public static final int STATES = 4;
    public static final int RUNNING = 0;
    public static final int RUNNABLE = 1;
    public static final int BLOCKED = 2;
    public static final int OFFLINE = 3;

    /** {@code XEN_RUNSTATE_UPDATE} in the entry time: the rest is being written. */
    public static final long UPDATE = Bits.bit(63);
  }
}
