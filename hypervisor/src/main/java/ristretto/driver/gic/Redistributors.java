package ristretto.driver.gic;

import ristretto.arch.gic.Gicr;
import ristretto.arch.gic.GicrTyper;
import ristretto.machine.Mmio;

/**
 * The regions in which GICv3's redistributors lie, as the device tree gives them: {@code reg} pairs
 * after the distributor's, {@code redistributor-stride}.
 */
public final class Redistributors {
  private final long[] bases;
  private final long[] sizes;
  private final long stride;

  /**
   * @param stride bytes from one redistributor to the next; 0: as GICR_TYPER says
   */
  public Redistributors(long[] bases, long[] sizes, long stride) {
    this.bases = bases;
    this.sizes = sizes;
    this.stride = stride;
  }

  /** Bytes to map at EL2 for region {@code i}. */
  public long size(int i) {
    return sizes[i];
  }

  public long base(int i) {
    return bases[i];
  }

  public int count() {
    return bases.length;
  }

  /** Base address of the redistributor of the CPU with {@code affinity}, or 0. */
  long find(int affinity) {
    for (int region = 0; region < bases.length; region++) {
      long found = find(bases[region], sizes[region], affinity);
      if (found != 0) {
        return found;
      }
    }
    return 0;
  }

  private long find(long base, long size, int affinity) {
    for (long offset = 0; offset + Gicr.SIZE <= size; ) {
      GicrTyper typer = new GicrTyper(new Mmio(base + offset).read64(Gicr.TYPER));
      if (typer.affinity() == affinity) {
        return base + offset;
      }
      if (typer.isLast()) {
        return 0;
      }
      offset += stride != 0 ? stride : typer.hasVirtualLpis() ? 2L * Gicr.SIZE : Gicr.SIZE;
    }
    return 0;
  }
}
