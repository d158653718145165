package ristretto.core.boot;

import ristretto.fdt.FdtInterrupts;
import ristretto.lang.Bits;
import ristretto.lang.Unboxed;

/**
 * An interrupt of the GIC as a device tree gives it. Linux,
 * Documentation/devicetree/bindings/interrupt-controller/arm,gic.yaml and arm,gic-v3.yaml: the
 * first cell is the kind, the second the number within the kind, the third trigger and CPU mask.
 */
@Unboxed
public record GicInterrupt(int bits) {
  private static final int KIND_SPI = 0;
  private static final int KIND_PPI = 1;
  private static final int FIRST_PPI = 16;
  private static final int FIRST_SPI = 32;
  private static final int LAST_SPI = 1019;

  /** IRQ_TYPE of the bindings: the two edges. */
  private static final int EDGES = 3;

  private static final int NONE = 0x7fff_ffff;

  /** No interrupt of the GIC. */
  public static GicInterrupt none() {
    return new GicInterrupt(NONE);
  }

  /** The interrupt that {@code interrupts} found last; none if its numbers are not possible. */
  public static GicInterrupt of(FdtInterrupts interrupts) {
    return of(interrupts.cell(0), interrupts.cell(1), interrupts.cell(2));
  }

  /** The interrupt that three cells of a specifier name; none if they are not possible. */
  public static GicInterrupt of(int kind, int number, int flags) {
    boolean isPpi = kind == KIND_PPI && number >= 0 && number < FIRST_SPI - FIRST_PPI;
    boolean isSpi = kind == KIND_SPI && number >= 0 && number <= LAST_SPI - FIRST_SPI;
    if (!isPpi && !isSpi) {
      return none();
    }
    int intid = number + (isPpi ? FIRST_PPI : FIRST_SPI);
    return new GicInterrupt(Bits.put(intid, 31, 16, Bits.get(flags, 3, 0)));
  }

  public boolean exists() {
    return bits != NONE;
  }

  /** INTID: 16 to 31 a PPI, 32 and above an SPI. */
  public int intid() {
    return Bits.get(bits, 15, 0);
  }

  public boolean isPpi() {
    return intid() < FIRST_SPI;
  }

  /** It is signalled by an edge; otherwise by a level. */
  public boolean isEdge() {
    return (Bits.get(bits, 19, 16) & EDGES) != 0;
  }
}
