package ristretto.vdev.gic;

import ristretto.arch.gic.Gich;
import ristretto.arch.gic.GichLr;
import ristretto.arch.gic.ListRegister;
import ristretto.lang.Bits;
import ristretto.lang.HostOnly;
import ristretto.vdev.MmioDevice;

/**
 * GICH of GICv2, banked by the accessing CPU. IHI 0048, "GIC virtual interface control register
 * map".
 */
@HostOnly
public final class VirtualControlRegisters implements MmioDevice {
  /** VTR's PRIbits and PREbits: five each. */
  private static final int FIVE_BITS = 4;

  private final PhysicalGic gic;

  public VirtualControlRegisters(PhysicalGic gic) {
    this.gic = gic;
  }

  @Override
  public long read(int offset, int size) {
    VirtualInterface view = gic.virtualInterface(gic.accessor());
    return switch (offset) {
      case Gich.HCR -> view.hcr();
      case Gich.VTR ->
          Bits.put(Bits.put((long) view.count() - 1, 28, 26, FIVE_BITS), 31, 29, FIVE_BITS);
      case Gich.VMCR -> Integer.toUnsignedLong(view.vmcr());
      case Gich.EISR0 -> view.ended();
      case Gich.ELRSR0 -> view.empty();
      case Gich.APR -> Integer.toUnsignedLong(view.activePriorities());
      default -> isRegister(offset, view) ? listRegister(view, offset) : 0;
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    VirtualInterface view = gic.virtualInterface(gic.accessor());
    switch (offset) {
      case Gich.HCR -> view.setHcr((int) value);
      case Gich.VMCR -> view.setVmcr((int) value);
      case Gich.APR -> view.setActivePriorities((int) value);
      default -> {
        if (isRegister(offset, view)) {
          ListRegister register = new GichLr((int) value).toListRegister();
          long group0 = Bits.with(register.bits(), 60, false);
          view.setListRegister((offset - Gich.LR) / 4, group0);
        }
      }
    }
  }

  private static boolean isRegister(int offset, VirtualInterface view) {
    return offset >= Gich.LR && offset < Gich.LR + 4 * view.count();
  }

  private static long listRegister(VirtualInterface view, int offset) {
    long bits = view.listRegister((offset - Gich.LR) / 4);
    return Integer.toUnsignedLong(GichLr.of(new ListRegister(bits)).bits());
  }
}
