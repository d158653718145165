package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Domctl} that concern devices. {@code xen/include/public/domctl.h}. */
public final class DomctlDevice {
  private DomctlDevice() {}

  @CStruct("struct xen_domctl_irq_permission")
  @Unboxed
  public record IrqPermission(long address) {
    public static final int PIRQ = 0; // uint32_t, IN
    public static final int ALLOW_ACCESS = 4; // uint8_t, IN
    public static final int SIZEOF = 8;

    public int interrupt() {
      return Memory.load32(address + PIRQ);
    }

    public boolean isAllowed() {
      return Memory.load8(address + ALLOW_ACCESS) != 0;
    }
  }

  @CStruct("struct xen_domctl_iomem_permission")
  @Unboxed
  public record IomemPermission(long address) {
    public static final int FIRST_MFN = 0; // uint64_t, IN
    public static final int NR_MFNS = 8; // uint64_t, IN
    public static final int ALLOW_ACCESS = 16; // uint8_t, IN
    public static final int SIZEOF = 24;

    public long first() {
      return Memory.load64(address + FIRST_MFN);
    }

    public long count() {
      return Memory.load64(address + NR_MFNS);
    }

    public boolean isAllowed() {
      return Memory.load8(address + ALLOW_ACCESS) != 0;
    }
  }

  @CStruct("struct xen_domctl_memory_mapping")
  @Unboxed
  public record MemoryMapping(long address) {
    public static final int FIRST_GFN = 0; // uint64_t, IN
    public static final int FIRST_MFN = 8; // uint64_t, IN
    public static final int NR_MFNS = 16; // uint64_t, IN
    public static final int ADD_MAPPING = 24; // uint32_t, IN: DPCI_ADD_MAPPING, DPCI_REMOVE_MAPPING
    public static final int SIZEOF = 32;

    public long guestFrame() {
      return Memory.load64(address + FIRST_GFN);
    }

    public long machineFrame() {
      return Memory.load64(address + FIRST_MFN);
    }

    public long count() {
      return Memory.load64(address + NR_MFNS);
    }

    public boolean isAdded() {
      return Memory.load32(address + ADD_MAPPING) != 0;
    }
  }

  /** bind_pt_irq and unbind_pt_irq. */
  @CStruct("struct xen_domctl_bind_pt_irq")
  @Unboxed
  public record BindInterrupt(long address) {
    public static final int MACHINE_IRQ = 0; // uint32_t, IN
    public static final int IRQ_TYPE = 4; // enum pt_irq_type, IN

    @CMember("u.spi.spi")
    public static final int SPI = 8; // uint16_t, IN

    public static final int SIZEOF = 24;

    /** {@code PT_IRQ_TYPE_SPI}. */
    public static final int TYPE_SPI = 4;

    public int machineInterrupt() {
      return Memory.load32(address + MACHINE_IRQ);
    }

    public int type() {
      return Memory.load32(address + IRQ_TYPE);
    }

    /** INTID in the guest. */
    public int guestInterrupt() {
      return Memory.load16(address + SPI);
    }
  }
}
