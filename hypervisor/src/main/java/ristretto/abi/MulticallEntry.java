package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code struct multicall_entry}. {@code xen/include/public/xen.h}. */
@CStruct("struct multicall_entry")
@Unboxed
public record MulticallEntry(long address) {
  public static final int OP = 0; // xen_ulong_t, IN
  public static final int RESULT = 8; // xen_ulong_t, OUT
  public static final int ARGS = 16; // xen_ulong_t[6], IN; changed when the call is continued
  public static final int SIZEOF = 64;

  public long op() {
    return Memory.load64(address + OP);
  }

  public void setResult(long result) {
    Memory.store64(address + RESULT, result);
  }

  public long argument(int index) {
    return Memory.load64(address + ARGS + 8L * index);
  }

  public void setArgument(int index, long value) {
    Memory.store64(address + ARGS + 8L * index, value);
  }
}
