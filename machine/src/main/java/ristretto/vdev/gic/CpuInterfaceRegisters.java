package ristretto.vdev.gic;

import ristretto.arch.gic.Gicc;
import ristretto.lang.HostOnly;
import ristretto.vdev.MmioDevice;

/** GICC of GICv2, banked by the accessing CPU. IHI 0048, "CPU interface register map". */
@HostOnly
public final class CpuInterfaceRegisters implements MmioDevice {
  private final PhysicalGic gic;

  public CpuInterfaceRegisters(PhysicalGic gic) {
    this.gic = gic;
  }

  @Override
  public long read(int offset, int size) {
    CpuInterface cpu = gic.cpuInterface(gic.accessor());
    return switch (offset) {
      case Gicc.CTLR ->
          (cpu.isEnabled() ? Gicc.CTLR_ENABLE : 0) | (cpu.isDropOnly() ? Gicc.CTLR_EOI_MODE : 0);
      case Gicc.PMR -> cpu.mask();
      case Gicc.IAR -> cpu.acknowledge();
      case Gicc.RPR -> cpu.runningPriority();
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    CpuInterface cpu = gic.cpuInterface(gic.accessor());
    switch (offset) {
      case Gicc.CTLR -> {
        cpu.setDropOnly((value & Gicc.CTLR_EOI_MODE) != 0);
        cpu.setEnabled((value & Gicc.CTLR_ENABLE) != 0);
      }
      case Gicc.PMR -> cpu.setMask((int) value);
      case Gicc.EOIR -> cpu.end((int) value);
      case Gicc.DIR -> cpu.deactivate((int) value);
      default -> {}
    }
  }
}
