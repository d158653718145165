package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.machine.SysReg;

/** What data cache maintenance by address works on. */
public final class CacheLine {
  private CacheLine() {}

  /** CTR_EL0.DminLine: bytes of the shortest line of the data caches that the CPU controls. */
  public static long shortest() {
    return 4L << Bits.get(SysReg.CTR_EL0.read(), 19, 16);
  }
}
