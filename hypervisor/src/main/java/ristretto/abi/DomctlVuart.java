package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** XEN_DOMCTL_vuart_op: an emulated UART for a domain that is being built. domctl.h. */
@CStruct("struct xen_domctl_vuart_op")
@Unboxed
public record DomctlVuart(long address) {
  public static final int CMD = 0; // uint32_t, IN
  public static final int TYPE = 4; // uint32_t, IN
  public static final int GFN = 8; // uint64_t, IN: the page of the rings, ConsoleRings
  public static final int CONSOLE_DOMID = 16; // domid_t, IN
  public static final int PAD = 18; // uint8_t[2], 0
  public static final int EVTCHN = 20; // evtchn_port_t, OUT
  public static final int SIZEOF = 24;

  /** {@code XEN_DOMCTL_VUART_OP_INIT}. */
  public static final int INIT = 0;

  /** {@code XEN_DOMCTL_VUART_TYPE_VPL011}. */
  public static final int TYPE_VPL011 = 0;

  public int command() {
    return Memory.load32(address + CMD);
  }

  public int type() {
    return Memory.load32(address + TYPE);
  }

  public long gfn() {
    return Memory.load64(address + GFN);
  }

  /** The domain whose console daemon is at the other end of the rings. */
  public int consoleDomain() {
    return Memory.load16(address + CONSOLE_DOMID);
  }

  public int pad() {
    return Memory.load16(address + PAD);
  }

  /** The domain's port, to which the console daemon binds. */
  public void setPort(int port) {
    Memory.store32(address + EVTCHN, port);
  }
}
