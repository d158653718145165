package ristretto.image;

import ristretto.core.boot.GicInfo;
import ristretto.core.cpu.Cpus;
import ristretto.core.mm.Stage1;
import ristretto.driver.gic.Gic;
import ristretto.driver.gic.Gicv2;
import ristretto.driver.gic.Gicv3;
import ristretto.driver.gic.Redistributors;
import ristretto.lang.BootOnly;

/** The driver for the interrupt controller of the device tree, its registers mapped. */
final class InterruptController {
  private InterruptController() {}

  @BootOnly
  static Gic of(GicInfo info) {
    Stage1.mapDevice(info.distributor, info.distributorSize);
    if (info.version == 2) {
      Stage1.mapDevice(info.cpuInterface, info.cpuInterfaceSize);
      Stage1.mapDevice(info.virtualControl, info.virtualControlSize);
      return new Gicv2(info.distributor, info.cpuInterface, info.virtualControl, Cpus.MAXIMUM);
    }
    Redistributors redistributors =
        new Redistributors(info.redistributors, info.redistributorSizes, info.redistributorStride);
    for (int i = 0; i < redistributors.count(); i++) {
      Stage1.mapDevice(redistributors.base(i), redistributors.size(i));
    }
    return new Gicv3(info.distributor, redistributors, Cpus.MAXIMUM);
  }
}
