package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** xsm_op with a security label. {@code xen/include/public/xsm/flask_op.h}. */
@CStruct("struct xen_flask_op")
@Unboxed
public record FlaskOp(long address) {
  public static final int CMD = 0; // uint32_t, IN
  public static final int INTERFACE_VERSION = 4; // uint32_t, IN

  @CMember("u.sid_context.sid")
  public static final int SID = 8; // uint32_t, IN or OUT

  @CMember("u.sid_context.size")
  public static final int SIZE = 12; // uint32_t, IN and OUT

  @CMember("u.sid_context.context")
  public static final int CONTEXT = 16; // XEN_GUEST_HANDLE(char), IN

  public static final int SIZEOF = 40;

  /** {@code XEN_FLASK_INTERFACE_VERSION}. */
  public static final int VERSION = 1;

  /** {@code FLASK_CONTEXT_TO_SID}. */
  public static final int CONTEXT_TO_SID = 4;

  /** {@code FLASK_SID_TO_CONTEXT}. */
  public static final int SID_TO_CONTEXT = 5;

  public int command() {
    return Memory.load32(address + CMD);
  }

  public int version() {
    return Memory.load32(address + INTERFACE_VERSION);
  }

  public int securityId() {
    return Memory.load32(address + SID);
  }

  public void setSecurityId(int id) {
    Memory.store32(address + SID, id);
  }

  /** Bytes of the label, or of the room for one; unsigned. */
  public long size() {
    return Integer.toUnsignedLong(Memory.load32(address + SIZE));
  }

  public void setSize(int bytes) {
    Memory.store32(address + SIZE, bytes);
  }

  public long label() {
    return Memory.load64(address + CONTEXT);
  }
}
