package ristretto.arch.gic;

/**
 * Distributor register offsets. IHI 0048, "Distributor register map"; IHI 0069, "The GIC
 * Distributor register map". The bit registers and the priority and configuration registers have
 * the same offsets in a redistributor's SGI frame.
 */
public final class Gicd {
  public static final int CTLR = 0x000;
  public static final int TYPER = 0x004;
  public static final int IIDR = 0x008;
  public static final int TYPER2 = 0x00c; // GICv3
  public static final int STATUSR = 0x010; // GICv3

  /** One bit an interrupt. */
  public static final int IGROUPR = 0x080;

  public static final int ISENABLER = 0x100;
  public static final int ICENABLER = 0x180;
  public static final int ISPENDR = 0x200;
  public static final int ICPENDR = 0x280;
  public static final int ISACTIVER = 0x300;
  public static final int ICACTIVER = 0x380;

  /** One byte an interrupt. */
  public static final int IPRIORITYR = 0x400;

  /** GICv2, one byte an interrupt: the CPUs it goes to. */
  public static final int ITARGETSR = 0x800;

  /** Two bits an interrupt; the upper says edge-triggered. */
  public static final int ICFGR = 0xc00;

  public static final int SGIR = 0xf00; // GICv2

  /** GICv2, one byte an SGI: the CPUs that sent it. */
  public static final int CPENDSGIR = 0xf10;

  public static final int SPENDSGIR = 0xf20;

  /** GICv3, 64 bits an SPI; the first that exists is that of INTID 32. */
  public static final int IROUTER = 0x6000;

  /** Peripheral identification 2, bits [7:4]: the architecture's version. */
  public static final int PIDR2_V3 = 0xffe8;

  public static final int PIDR2_V2 = 0xfe8;

  public static final int SIZE_V2 = 0x1000;
  public static final int SIZE_V3 = 0x1_0000;

  /** First INTID that is shared by all CPUs. */
  public static final int FIRST_SPI = 32;

  /** First INTID with a special meaning, also what an acknowledge of nothing returns less 3. */
  public static final int FIRST_SPECIAL = 1020;

  private Gicd() {}
}
