package ristretto.arch.gic;

/** Redistributor register offsets. IHI 0069, "The GIC Redistributor register map". */
public final class Gicr {
  public static final int CTLR = 0x0000;
  public static final int IIDR = 0x0004;
  public static final int TYPER = 0x0008; // 64 bits
  public static final int STATUSR = 0x0010;
  public static final int WAKER = 0x0014;
  public static final int SETLPIR = 0x0040;
  public static final int PROPBASER = 0x0070;
  public static final int PENDBASER = 0x0078;
  public static final int PIDR2 = 0xffe8;

  /** The SGI and PPI frame; its registers are those of {@link Gicd} for INTIDs 0 to 31. */
  public static final int SGI_FRAME = 0x1_0000;

  /** Bytes of a redistributor of GICv3; one with virtual LPIs (GICv4) has twice as many. */
  public static final int SIZE = 0x2_0000;

  private Gicr() {}
}
