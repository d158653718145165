package ristretto.vdev.gic;

import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.Gicr;
import ristretto.arch.gic.GicrTyper;
import ristretto.lang.Inline;
import ristretto.vdev.MmioDevice;

/**
 * The redistributors of all CPUs, {@link Gicr#SIZE} bytes each, in the order of the CPUs. IHI 0069,
 * "The GIC Redistributor register map". Any CPU may access any of them.
 *
 * <p>Reserved registers, the frames of CPUs that do not exist and accesses of a size that a
 * register does not take read as zero and ignore writes. The redistributor is always awake: WAKER
 * reads zero.
 */
public final class RedistributorRegisters implements MmioDevice {
  private static final int SIZE_SHIFT = 17;
  private static final int IIDR = 0;

  private final GicModel gic;
  private final InterruptRegisters interrupts;

  public RedistributorRegisters(GicModel gic) {
    this.gic = gic;
    this.interrupts = new InterruptRegisters(gic);
  }

  @Override
  public long read(int offset, int size) {
    int cpu = offset >>> SIZE_SHIFT;
    int inside = offset & Gicr.SIZE - 1;
    if (cpu >= gic.cpus()) {
      return 0;
    }
    return switch (size) {
      case 4 -> Integer.toUnsignedLong(read32(cpu, inside));
      case 8 -> inside == Gicr.TYPER ? typer(cpu) : 0;
      case 1 -> isPriority(inside) ? read32(cpu, inside & ~3) >>> 8 * (inside & 3) & 0xff : 0;
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    int cpu = offset >>> SIZE_SHIFT;
    int inside = offset & Gicr.SIZE - 1;
    if (cpu >= gic.cpus()) {
      return;
    }
    if (size == 4) {
      if (inside >= Gicr.SGI_FRAME + Gicd.IGROUPR && isInterrupts(inside - Gicr.SGI_FRAME)) {
        interrupts.write(cpu, inside - Gicr.SGI_FRAME, (int) value);
      }
    } else if (size == 1 && isPriority(inside)) {
      int shift = 8 * (inside & 3);
      int word = inside - Gicr.SGI_FRAME & ~3;
      interrupts.writePriorities(cpu, word, 0xff << shift, (int) value << shift);
    }
  }

  @Inline
  private int read32(int cpu, int offset) {
    if (offset >= Gicr.SGI_FRAME) {
      int inside = offset - Gicr.SGI_FRAME;
      return isInterrupts(inside) ? interrupts.read(cpu, inside) : 0;
    }
    if ((offset & ~4) == Gicr.TYPER) { // both halves; what a guest looks for its frame with
      return (int) (typer(cpu) >>> 8 * (offset & 4));
    }
    return switch (offset) {
      case Gicr.IIDR -> IIDR;
      case Gicr.PIDR2 -> 3 << 4;
      default -> 0; // CTLR: no write is ever pending; WAKER: awake
    };
  }

  private long typer(int cpu) {
    return GicrTyper.of(gic.affinityOf(cpu), cpu, cpu == gic.cpus() - 1).bits();
  }

  /** The first word of each block of bit registers, eight words of priorities, two of triggers. */
  private static boolean isInterrupts(int offset) {
    if (offset < Gicd.IPRIORITYR) {
      return offset >= Gicd.IGROUPR && (offset & 0x7c) == 0;
    }
    return offset < Gicd.IPRIORITYR + 32 || offset >= Gicd.ICFGR && offset < Gicd.ICFGR + 8;
  }

  private static boolean isPriority(int offset) {
    int inside = offset - Gicr.SGI_FRAME;
    return inside >= Gicd.IPRIORITYR && inside < Gicd.IPRIORITYR + 32;
  }
}
