package ristretto.abi;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code EVTCHNOP_*}, sub-operations of event_channel_op, and what they point at. {@code
 * xen/include/public/event_channel.h}.
 */
public final class Evtchnop {
  public static final int BIND_INTERDOMAIN = 0;
  public static final int BIND_VIRQ = 1;
  public static final int BIND_PIRQ = 2;
  public static final int CLOSE = 3;
  public static final int SEND = 4;
  public static final int STATUS = 5;
  public static final int ALLOC_UNBOUND = 6;
  public static final int BIND_IPI = 7;
  public static final int BIND_VCPU = 8;
  public static final int UNMASK = 9;
  public static final int RESET = 10;
  public static final int INIT_CONTROL = 11;
  public static final int EXPAND_ARRAY = 12;
  public static final int SET_PRIORITY = 13;

  public static final int STATUS_CLOSED = 0;
  public static final int STATUS_UNBOUND = 1;
  public static final int STATUS_INTERDOMAIN = 2;
  public static final int STATUS_PIRQ = 3;
  public static final int STATUS_VIRQ = 4;
  public static final int STATUS_IPI = 5;

  /** {@code EVTCHN_2L_NR_CHANNELS} for a 64-bit guest. */
  public static final int TWO_LEVEL_CHANNELS = 4096;

  private Evtchnop() {}

  @CStruct("struct evtchn_alloc_unbound")
  @Unboxed
  public record AllocUnbound(long address) {
    public static final int DOM = 0; // domid_t, IN
    public static final int REMOTE_DOM = 2; // domid_t, IN
    public static final int PORT = 4; // evtchn_port_t, OUT
    public static final int SIZEOF = 8;

    public int dom() {
      return Memory.load16(address + DOM);
    }

    public int remoteDom() {
      return Memory.load16(address + REMOTE_DOM);
    }

    public void setPort(int port) {
      Memory.store32(address + PORT, port);
    }
  }

  @CStruct("struct evtchn_bind_interdomain")
  @Unboxed
  public record BindInterdomain(long address) {
    public static final int REMOTE_DOM = 0; // domid_t, IN
    public static final int REMOTE_PORT = 4; // evtchn_port_t, IN
    public static final int LOCAL_PORT = 8; // evtchn_port_t, OUT
    public static final int SIZEOF = 12;

    public int remoteDom() {
      return Memory.load16(address + REMOTE_DOM);
    }

    public int remotePort() {
      return Memory.load32(address + REMOTE_PORT);
    }

    public void setLocalPort(int port) {
      Memory.store32(address + LOCAL_PORT, port);
    }
  }

  @CStruct("struct evtchn_bind_virq")
  @Unboxed
  public record BindVirq(long address) {
    public static final int VIRQ = 0; // uint32_t, IN
    public static final int VCPU = 4; // uint32_t, IN
    public static final int PORT = 8; // evtchn_port_t, OUT
    public static final int SIZEOF = 12;

    public int virq() {
      return Memory.load32(address + VIRQ);
    }

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }

    public void setPort(int port) {
      Memory.store32(address + PORT, port);
    }
  }

  @CStruct("struct evtchn_bind_ipi")
  @Unboxed
  public record BindIpi(long address) {
    public static final int VCPU = 0; // uint32_t, IN
    public static final int PORT = 4; // evtchn_port_t, OUT
    public static final int SIZEOF = 8;

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }

    public void setPort(int port) {
      Memory.store32(address + PORT, port);
    }
  }

  /** The argument of close, send and unmask: one port, IN. */
  @CStruct("struct evtchn_send")
  @Unboxed
  public record Port(long address) {
    public static final int PORT = 0; // evtchn_port_t, IN
    public static final int SIZEOF = 4;

    public int port() {
      return Memory.load32(address + PORT);
    }
  }

  @CStruct("struct evtchn_status")
  @Unboxed
  public record Status(long address) {
    public static final int DOM = 0; // domid_t, IN
    public static final int PORT = 4; // evtchn_port_t, IN
    public static final int STATUS = 8; // uint32_t, OUT
    public static final int VCPU = 12; // uint32_t, OUT

    @CMember("u.interdomain.dom")
    public static final int REMOTE_DOM = 16; // domid_t, OUT: unbound, interdomain

    @CMember("u.interdomain.port")
    public static final int REMOTE_PORT = 20; // evtchn_port_t, OUT: interdomain

    @CMember("u.virq")
    public static final int VIRQ = 16; // uint32_t, OUT: virq

    public static final int SIZEOF = 24;

    public int dom() {
      return Memory.load16(address + DOM);
    }

    public int port() {
      return Memory.load32(address + PORT);
    }

    public void setStatus(int status) {
      Memory.store32(address + STATUS, status);
    }

    public void setVcpu(int vcpu) {
      Memory.store32(address + VCPU, vcpu);
    }

    public void setRemoteDom(int domain) {
      Memory.store16(address + REMOTE_DOM, domain);
    }

    public void setRemotePort(int port) {
      Memory.store32(address + REMOTE_PORT, port);
    }

    /** Nothing is known about the other end or the source yet. */
    public void clearBinding() {
      Memory.store64(address + REMOTE_DOM, 0);
    }

    public void setVirq(int virq) {
      Memory.store32(address + VIRQ, virq);
    }
  }

  @CStruct("struct evtchn_bind_vcpu")
  @Unboxed
  public record BindVcpu(long address) {
    public static final int PORT = 0; // evtchn_port_t, IN
    public static final int VCPU = 4; // uint32_t, IN
    public static final int SIZEOF = 8;

    public int port() {
      return Memory.load32(address + PORT);
    }

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }
  }

  @CStruct("struct evtchn_reset")
  @Unboxed
  public record Reset(long address) {
    public static final int DOM = 0; // domid_t, IN
    public static final int SIZEOF = 2;

    public int dom() {
      return Memory.load16(address + DOM);
    }
  }

  @CStruct("struct evtchn_init_control")
  @Unboxed
  public record InitControl(long address) {
    public static final int CONTROL_GFN = 0; // uint64_t, IN
    public static final int OFFSET = 8; // uint32_t, IN
    public static final int VCPU = 12; // uint32_t, IN
    public static final int LINK_BITS = 16; // uint8_t, OUT
    public static final int SIZEOF = 24;

    public long controlGfn() {
      return Memory.load64(address + CONTROL_GFN);
    }

    public int offset() {
      return Memory.load32(address + OFFSET);
    }

    public int vcpu() {
      return Memory.load32(address + VCPU);
    }

    public void setLinkBits(int bits) {
      Memory.store8(address + LINK_BITS, bits);
    }
  }

  @CStruct("struct evtchn_expand_array")
  @Unboxed
  public record ExpandArray(long address) {
    public static final int ARRAY_GFN = 0; // uint64_t, IN
    public static final int SIZEOF = 8;

    public long arrayGfn() {
      return Memory.load64(address + ARRAY_GFN);
    }
  }

  @CStruct("struct evtchn_set_priority")
  @Unboxed
  public record SetPriority(long address) {
    public static final int PORT = 0; // evtchn_port_t, IN
    public static final int PRIORITY = 4; // uint32_t, IN: 0 is the highest
    public static final int SIZEOF = 8;

    public int port() {
      return Memory.load32(address + PORT);
    }

    public int priority() {
      return Memory.load32(address + PRIORITY);
    }
  }

  /**
   * A vCPU's control block of the FIFO ABI, in guest memory: which queues have events, and where.
   */
  @CStruct("struct evtchn_fifo_control_block")
  @Unboxed
  public record ControlBlock(long address) {
    public static final int READY = 0; // uint32_t: a bit for each queue that is not empty
    public static final int HEAD = 8; // uint32_t[16]: first port of each queue
    public static final int SIZEOF = 72;
  }

  /** {@code event_word_t} of the FIFO ABI: state and link of one port, in guest memory. */
  @Unboxed
  public record EventWord(int bits) {
    public static final int PENDING = 31;
    public static final int MASKED = 30;
    public static final int LINKED = 29;
    public static final int BUSY = 28;
    public static final int LINK_BITS = 17;

    /** {@code EVTCHN_FIFO_NR_CHANNELS}. */
    public static final int CHANNELS = 131072;

    public static final int PRIORITY_DEFAULT = 7;

    /** {@code EVTCHN_FIFO_PRIORITY_MIN}: the lowest, and the highest number. */
    public static final int PRIORITY_LOWEST = 15;

    /** {@code EVTCHN_FIFO_MAX_QUEUES}. */
    public static final int QUEUES = 16;

    public static final int SIZEOF = 4;

    public boolean pending() {
      return Bits.isSet(bits, PENDING);
    }

    public boolean masked() {
      return Bits.isSet(bits, MASKED);
    }

    public boolean linked() {
      return Bits.isSet(bits, LINKED);
    }

    public boolean busy() {
      return Bits.isSet(bits, BUSY);
    }

    /** Any bit: the control block's READY word has one for each queue. */
    public boolean isSet(int flag) {
      return Bits.isSet(bits, flag);
    }

    /** LINK: the next port of the queue; 0 ends it. */
    public int link() {
      return Bits.get(bits, LINK_BITS - 1, 0);
    }

    public EventWord with(int flag, boolean value) {
      return new EventWord((int) Bits.with(bits, flag, value));
    }

    /**
     * The word with its link replaced and BUSY cleared, which ends the hypervisor's claim on it.
     */
    public EventWord withLink(int port) {
      return new EventWord(Bits.put(bits, LINK_BITS - 1, 0, port)).with(BUSY, false);
    }
  }
}
