package ristretto.arch.gic;

/**
 * Virtual interface control register offsets. IHI 0048, "GIC virtual interface control register
 * map".
 */
public final class Gich {
  public static final int HCR = 0x000;
  public static final int VTR = 0x004;
  public static final int VMCR = 0x008;
  public static final int MISR = 0x010;
  public static final int EISR0 = 0x020;
  public static final int EISR1 = 0x024;
  public static final int ELRSR0 = 0x030;
  public static final int ELRSR1 = 0x034;
  public static final int APR = 0x0f0;
  public static final int LR = 0x100;

  private Gich() {}
}
