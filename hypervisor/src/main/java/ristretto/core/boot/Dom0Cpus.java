package ristretto.core.boot;

import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.Gicr;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.interrupt.Vgic;
import ristretto.core.mm.P2m;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/** Dom0 as a domain: its vCPUs, its interrupt controller, and the interrupts that are its own. */
final class Dom0Cpus {
  /** What a virtual GICv2 can address. IHI 0048, "About the GIC architecture". */
  private static final int MAX_GICV2_CPUS = 8;

  /** As many as the pools are made for. */
  private static final int MAX_VCPUS = 128;

  private static final int LINES_STEP = 32;

  private final BootInfo info;
  private final P2m p2m;
  private final Dom0Devices devices;

  /**
   * How many vCPUs Dom0 gets: without an option as many as it has CPUs to run on, which are those
   * of the boot CPU's class.
   *
   * @throws BootException if its interrupt controller has no room for so many
   */
  @BootOnly
  static int count(BootInfo info) {
    GicInfo gic = info.gic;
    long room = gic.version == 3 ? gic.redistributorSizes[0] / Gicr.SIZE : MAX_GICV2_CPUS;
    boolean mixed = info.commandLine.heterogeneous();
    int likeBootCpu = mixed ? -1 : (1 << info.cpusOfBootClass()) - 1;
    int vcpus = info.commandLine.dom0Vcpus(Integer.bitCount(info.pools.cpus(0) & likeBootCpu));
    if (vcpus > Math.min(room, MAX_VCPUS)) {
      throw new BootException(
          new BootMessage("dom0_max_vcpus: the interrupt controller that Dom0 sees has room for ")
              .dec(Math.min(room, MAX_VCPUS))
              .text(" vCPUs, not for ")
              .dec(vcpus));
    }
    return vcpus;
  }

  @BootOnly
  Dom0Cpus(BootInfo info, P2m p2m, Dom0Devices devices) {
    this.info = info;
    this.p2m = p2m;
    this.devices = devices;
  }

  /** Domain 0 with {@code vcpus} vCPUs, none of them started. */
  @BootOnly
  Domain make(int vcpus) {
    Domain domain = new Domain(true, vcpus, Vgic.MAX_LINES, p2m);
    domain.open(0, vcpus);
    addVcpus(domain, vcpus);
    addInterruptController(domain);
    Domains.add(domain);
    return domain;
  }

  @BootOnly
  private void addVcpus(Domain domain, int count) {
    if (!domain.addVcpus(count)) {
      throw new BootException("no memory for Dom0's vCPUs");
    }
    if (info.commandLine.dom0Pinned()) {
      for (int i = 0; i < count; i++) {
        int cpu = Cpus.online(i, info.pools.cpus(0)).index;
        boolean unused = // false of a vCPU that has run
            Scheduler.setAffinity(domain.vcpus[i], Bits.bit(cpu), -1);
      }
    }
  }

  /** The registers where the machine has them, and every SPI that is nobody else's. */
  @BootOnly
  private void addInterruptController(Domain domain) {
    GicInfo gic = info.gic;
    int lines = (int) Bits.alignUp(Interrupts.gic().lines(), LINES_STEP);
    domain.vgic.reset(gic.version, lines);
    boolean added;
    if (gic.version == 3) {
      added =
          domain.mmio.add(gic.distributor, Gicd.SIZE_V3, domain.vgic.distributor())
              && domain.mmio.add(
                  gic.redistributors[0],
                  domain.vgic.redistributorsSize(),
                  domain.vgic.redistributors());
    } else {
      added = domain.mmio.add(gic.distributor, Gicd.SIZE_V2, domain.vgic.distributor());
    }
    if (!added) {
      throw new BootException("device tree: parts of the interrupt controller overlap");
    }
    for (int intid = Gicd.FIRST_SPI; intid < lines; intid++) {
      if (!devices.isKeptFromDom0(intid)) {
        domain.vgic.giveInterrupt(intid);
      }
    }
  }
}
