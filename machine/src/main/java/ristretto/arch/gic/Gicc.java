package ristretto.arch.gic;

/** CPU interface register offsets. IHI 0048, "CPU interface register map". */
public final class Gicc {
  public static final int CTLR = 0x0000;
  public static final int PMR = 0x0004;
  public static final int BPR = 0x0008;
  public static final int IAR = 0x000c;
  public static final int EOIR = 0x0010;
  public static final int RPR = 0x0014;
  public static final int HPPIR = 0x0018;
  public static final int IIDR = 0x00fc;
  public static final int DIR = 0x1000;

  /** GICC_CTLR as a CPU without the Security Extensions, or a Non-secure one, sees it. */
  public static final int CTLR_ENABLE = 1;

  /** EOImodeNS: an end of interrupt only drops the priority. */
  public static final int CTLR_EOI_MODE = 1 << 9;

  public static final int SIZE = 0x2000;

  private Gicc() {}
}
