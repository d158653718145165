package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code HVMOP_*} and {@code HVM_PARAM_*}. {@code xen/include/public/hvm/{hvm_op,params}.h}. */
public final class Hvmop {
  public static final int SET_PARAM = 0;
  public static final int GET_PARAM = 1;

  public static final int PARAM_CALLBACK_IRQ = 0;
  public static final int PARAM_STORE_PFN = 1;
  public static final int PARAM_STORE_EVTCHN = 2;
  public static final int PARAM_CONSOLE_PFN = 17;
  public static final int PARAM_CONSOLE_EVTCHN = 18;
  public static final int PARAM_MONITOR_RING_PFN = 28;

  /** {@code HVM_NR_PARAMS}. */
  public static final int PARAM_COUNT = 39;

  /** {@code HVM_PARAM_CALLBACK_TYPE_PPI}, in bits [63:56] of CALLBACK_IRQ. */
  public static final int CALLBACK_TYPE_PPI = 2;

  /** {@code HVM_PARAM_CALLBACK_TYPE_PPI_FLAG_LOW_LEVEL}, in bits [15:8] of CALLBACK_IRQ. */
  public static final int CALLBACK_FLAG_LOW_LEVEL = 2;

  private Hvmop() {}

  @CStruct("struct xen_hvm_param")
  @Unboxed
  public record Param(long address) {
    public static final int DOMID = 0; // domid_t, IN
    public static final int PAD = 2; // uint16_t
    public static final int INDEX = 4; // uint32_t, IN
    public static final int VALUE = 8; // uint64_t, IN or OUT
    public static final int SIZEOF = 16;

    public int domainId() {
      return Memory.load16(address + DOMID);
    }

    public int index() {
      return Memory.load32(address + INDEX);
    }

    public long value() {
      return Memory.load64(address + VALUE);
    }

    public void setValue(long value) {
      Memory.store64(address + VALUE, value);
    }
  }
}
