package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * Trace buffers: how the toolstack asks for them, and what it finds in their pages. {@code
 * xen/include/public/sysctl.h} and {@code trace.h}.
 */
public final class SysctlTrace {
  /** {@code XEN_SYSCTL_TBUFOP_*}. */
  public static final int GET_INFO = 0;

  public static final int SET_CPU_MASK = 1;
  public static final int SET_EVENT_MASK = 2;
  public static final int SET_SIZE = 3;
  public static final int ENABLE = 4;
  public static final int DISABLE = 5;

  private SysctlTrace() {}

  @CStruct("struct xen_sysctl_tbuf_op")
  @Unboxed
  public record Operation(long address) {
    public static final int CMD = 0; // uint32_t, IN
    public static final int CPU_MASK = 8; // struct xenctl_bitmap, IN
    public static final int EVT_MASK = 24; // uint32_t, IN or OUT
    public static final int BUFFER_MFN = 32; // uint64_t, OUT
    public static final int SIZE = 40; // uint32_t, IN: pages a CPU; OUT: bytes at buffer_mfn
    public static final int SIZEOF = 48;

    public int command() {
      return Memory.load32(address + CMD);
    }

    public Bitmap cpus() {
      return new Bitmap(address + CPU_MASK);
    }

    public int events() {
      return Memory.load32(address + EVT_MASK);
    }

    /** Pages for each CPU, unsigned. */
    public int size() {
      return Memory.load32(address + SIZE);
    }

    public void set(int events, long frame, int bytes) {
      Memory.store32(address + EVT_MASK, events);
      Memory.store64(address + BUFFER_MFN, frame);
      Memory.store32(address + SIZE, bytes);
    }
  }

  /**
   * {@code struct t_info}, the first page: the size of a buffer and, for each CPU, where its frame
   * numbers begin. It ends in an array without a length.
   */
  @Unboxed
  public record Placement(long address) {
    public static final int TBUF_SIZE = 0; // uint16_t: pages of each buffer
    public static final int MFN_OFFSET = 2; // uint16_t[]: of a list, in words of 32 bits

    /** {@code pages} frames of {@code cpu} from {@code frame} on, at word {@code at}. */
    public void list(int cpu, int at, long frame, int pages) {
      Memory.store16(address + TBUF_SIZE, pages);
      Memory.store16(address + MFN_OFFSET + (long) cpu * Short.BYTES, at);
      for (int i = 0; i < pages; i++) {
        Memory.store32(address + (long) (at + i) * Integer.BYTES, (int) frame + i);
      }
    }
  }

  /** The head of a CPU's buffer; records follow. Both offsets count to twice the room for them. */
  @CStruct("struct t_buf")
  @Unboxed
  public record Head(long address) {
    public static final int CONS = 0; // uint32_t: written by the tool
    public static final int PROD = 4; // uint32_t: written by the hypervisor
    public static final int SIZEOF = 8;

    public int consumed() {
      return Memory.load32(address + CONS);
    }

    public void setProduced(int offset) {
      Memory.store32(address + PROD, offset);
    }
  }
}
