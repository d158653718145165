package ristretto.arch.gic;

import ristretto.lang.Unboxed;

/** ICH_HCR_EL2 and GICH_HCR, which agree in these bits. IHI 0069, "ICH_HCR_EL2". */
@Unboxed
public record IchHcr(int bits) {
  /** En: the virtual CPU interface works. */
  public static final int ENABLE = 1;

  /** UIE: maintenance interrupt while at most one list register is in use. */
  public static final int UNDERFLOW = 1 << 1;

  /** NPIE: maintenance interrupt while no list register is pending. */
  public static final int NONE_PENDING = 1 << 3;
}
