package ristretto.vdev.gic;

import ristretto.arch.gic.Affinity;
import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.GicdCtlr;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.vdev.MmioDevice;

/**
 * The distributor's registers. IHI 0048, "Distributor register map" (GICv2, private interrupts
 * banked by the accessing CPU); IHI 0069, "The GIC Distributor register map" (GICv3 with affinity
 * routing, where private interrupts are in the redistributors and read as zero here).
 *
 * <p>Reserved registers, registers of interrupts that do not exist and accesses of a size that a
 * register does not take read as zero and ignore writes.
 */
public final class DistributorRegisters implements MmioDevice {
  /** IIDR: no implementer that anybody knows, revision 0. */
  private static final int IIDR = 0;

  private static final int INTERRUPT_ROUTING_MODE = 31;

  private final GicModel gic;
  private final InterruptRegisters interrupts;

  public DistributorRegisters(GicModel gic) {
    this.gic = gic;
    this.interrupts = new InterruptRegisters(gic);
  }

  @Override
  public long read(int offset, int size) {
    return switch (size) {
      case 4 -> Integer.toUnsignedLong(read32(offset));
      case 1 -> isByteAccessible(offset) ? read32(offset & ~3) >>> 8 * (offset & 3) & 0xff : 0;
      case 8 -> isRouter(offset) ? router(offset) : 0;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    switch (size) {
      case 4 -> write32(offset, (int) value);
      case 1 -> writeByte(offset, (int) value);
      case 8 -> writeRouter(offset, value);
      default -> {}
    }
  }

  @Inline
  private int read32(int offset) {
    if (offset < Gicd.IGROUPR) {
      return readIdentification(offset);
    }
    if (offset < Gicd.SIZE_V2) {
      return readInterrupts(offset);
    }
    if (isRouter(offset)) {
      long route = router(offset & ~7);
      return (int) ((offset & 4) == 0 ? route : route >>> 32);
    }
    return offset == Gicd.PIDR2_V3 && gic.version() == 3 ? 3 << 4 : 0;
  }

  private int readIdentification(int offset) {
    return switch (offset) {
      case Gicd.CTLR -> control();
      case Gicd.TYPER -> gic.typer();
      case Gicd.IIDR -> IIDR;
      default -> 0; // TYPER2, STATUSR and reserved
    };
  }

  private int control() {
    int control = gic.control();
    if (gic.version() == 3) {
      control |= GicdCtlr.AFFINITY_ROUTING;
      if (gic.hasSingleSecurityState()) {
        control |= GicdCtlr.SINGLE_SECURITY_STATE;
      }
    }
    return control;
  }

  private int readInterrupts(int offset) {
    if (gic.version() == 2) {
      return readBanked(offset);
    }
    return isPrivate(offset) ? 0 : interrupts.read(0, offset);
  }

  private int readBanked(int offset) {
    int cpu = gic.accessor();
    if (offset < Gicd.ITARGETSR || offset >= Gicd.ICFGR && offset < Gicd.SGIR) {
      return interrupts.read(cpu, offset);
    }
    if (offset < Gicd.ICFGR) {
      return targets(cpu, offset - Gicd.ITARGETSR);
    }
    if (offset >= Gicd.CPENDSGIR && offset < Gicd.SPENDSGIR + 16) {
      return sgiSources(cpu, offset & 15);
    }
    return offset == Gicd.PIDR2_V2 ? 2 << 4 : 0;
  }

  private void write32(int offset, int value) {
    if (offset == Gicd.CTLR) {
      writeControl(value);
    } else if (offset >= Gicd.IGROUPR && offset < Gicd.SIZE_V2) {
      writeInterrupts(offset, value);
    } else if (isRouter(offset)) {
      int intid = routed(offset);
      long route = router(offset & ~7);
      boolean upper = (offset & 4) != 0;
      setRouter(intid, upper ? Bits.put(route, 63, 32, value) : Bits.put(route, 31, 0, value));
    }
  }

  private void writeControl(int value) {
    int enables = value & GicdCtlr.ENABLE_GROUP_0;
    if (gic.version() == 3) {
      // With affinity routing bit 0 is the enable of legacy operation unless there is one state.
      enables = value & GicdCtlr.ENABLE_GROUP_1;
      if (gic.hasSingleSecurityState()) {
        enables |= value & GicdCtlr.ENABLE_GROUP_0;
      }
    }
    gic.setControl(enables);
  }

  private void writeInterrupts(int offset, int value) {
    if (gic.version() == 3) {
      if (!isPrivate(offset)) {
        interrupts.write(0, offset, value);
      }
      return;
    }
    int cpu = gic.accessor();
    if (offset < Gicd.ITARGETSR || offset >= Gicd.ICFGR && offset < Gicd.SGIR) {
      interrupts.write(cpu, offset, value);
    } else if (offset < Gicd.ICFGR) {
      writeTargets(offset - Gicd.ITARGETSR, -1, value);
    } else if (offset == Gicd.SGIR) {
      sendSgi(cpu, value);
    } else if (offset >= Gicd.CPENDSGIR && offset < Gicd.SPENDSGIR + 16) {
      writeSgiSources(cpu, offset, value);
    }
  }

  private void writeByte(int offset, int value) {
    if (!isByteAccessible(offset)) {
      return;
    }
    int mask = 0xff << 8 * (offset & 3);
    int word = value << 8 * (offset & 3);
    if (offset < Gicd.ITARGETSR) {
      if (gic.version() == 2 || !isPrivate(offset)) {
        interrupts.writePriorities(gic.accessor(), offset & ~3, mask, word & mask);
      }
    } else if (offset < Gicd.ICFGR) {
      writeTargets(offset - Gicd.ITARGETSR & ~3, mask, word);
    } else {
      writeSgiSources(gic.accessor(), offset & ~3, word & mask);
    }
  }

  /** IHI 0069, "GICD_IPRIORITYR"; IHI 0048, "GICD access": these take bytes too. */
  private boolean isByteAccessible(int offset) {
    return offset >= Gicd.IPRIORITYR && offset < Gicd.ITARGETSR
        || gic.version() == 2
            && (offset >= Gicd.ITARGETSR && offset < Gicd.ICFGR
                || offset >= Gicd.CPENDSGIR && offset < Gicd.SPENDSGIR + 16);
  }

  /** With affinity routing these are in the redistributors. */
  @Inline
  private static boolean isPrivate(int offset) {
    if (offset < Gicd.IPRIORITYR) {
      return (offset & 0x7c) == 0;
    }
    return offset < Gicd.IPRIORITYR + 32
        || offset >= Gicd.ITARGETSR && offset < Gicd.ICFGR + 8
        || offset >= Gicd.SGIR;
  }

  // GICv2: targets and SGIs

  /** ITARGETSR: for its private interrupts a CPU reads its own number. */
  private int targets(int cpu, int first) {
    if (first < Gicd.FIRST_SPI) {
      return 0x0101_0101 << cpu;
    }
    if (first + 3 >= gic.lines()) {
      return 0;
    }
    int[] route = gic.shared.route;
    return route[first] | route[first + 1] << 8 | route[first + 2] << 16 | route[first + 3] << 24;
  }

  private void writeTargets(int first, int mask, int value) {
    if (first < Gicd.FIRST_SPI || first + 3 >= gic.lines()) {
      return;
    }
    int present = (1 << gic.cpus()) - 1;
    for (int i = 0; i < 4; i++) {
      if ((mask >>> 8 * i & 0xff) != 0) {
        gic.setRoute(first + i, value >>> 8 * i & present, false);
      }
    }
  }

  /** GICD_SGIR. Filter 3 is reserved and sends nothing. */
  private void sendSgi(int cpu, int value) {
    int list =
        switch (Bits.get(value, 25, 24)) {
          case 0 -> Bits.get(value, 23, 16);
          case 1 -> 0xff & ~(1 << cpu);
          case 2 -> 1 << cpu;
          default -> 0;
        };
    for (int left = list & (1 << gic.cpus()) - 1; left != 0; left &= left - 1) {
      gic.raiseSgi(cpu, Integer.numberOfTrailingZeros(left), Bits.get(value, 3, 0));
    }
  }

  /** CPENDSGIR and SPENDSGIR: a byte an SGI, whose bits are the senders. */
  private int sgiSources(int cpu, int first) {
    int pending = gic.pending(cpu, 0);
    int sources = 0;
    for (int i = 0; i < 4; i++) {
      if ((pending >>> first + i & 1) != 0) {
        sources |= gic.sgiSources(cpu, first + i) << 8 * i;
      }
    }
    return sources;
  }

  private void writeSgiSources(int cpu, int offset, int value) {
    int first = offset & 15;
    for (int i = 0; i < 4; i++) {
      int sources = value >>> 8 * i & 0xff;
      if (sources != 0 && offset >= Gicd.SPENDSGIR) {
        gic.raiseSgi(Integer.numberOfTrailingZeros(sources), cpu, first + i);
      } else if (sources != 0) {
        gic.clearPending(cpu, 0, 1 << first + i);
      }
    }
  }

  // GICv3: routing

  private boolean isRouter(int offset) {
    return gic.version() == 3
        && offset >= Gicd.IROUTER + 8 * Gicd.FIRST_SPI
        && offset < Gicd.IROUTER + 8 * Math.min(gic.lines(), Gicd.FIRST_SPECIAL);
  }

  private static int routed(int offset) {
    return offset - Gicd.IROUTER >>> 3;
  }

  private long router(int offset) {
    int intid = routed(offset);
    long route = Affinity.toMpidr(gic.shared.route[intid]);
    return Bits.with(route, INTERRUPT_ROUTING_MODE, gic.shared.isAnyCpu(intid));
  }

  private void writeRouter(int offset, long value) {
    if (isRouter(offset)) {
      setRouter(routed(offset), value);
    }
  }

  private void setRouter(int intid, long value) {
    gic.setRoute(intid, Affinity.ofMpidr(value), Bits.isSet(value, INTERRUPT_ROUTING_MODE));
  }
}
