package ristretto.core.cpu;

import ristretto.lang.Bits;
import ristretto.machine.SysReg;

/**
 * Arm's own CPUs by MIDR_EL1.PartNum, for {@link Mitigations} and {@link Errata}. The numbers are
 * in the Technical Reference Manuals.
 */
final class CpuPart {
  static final int CORTEX_A34 = 0xd02;
  static final int CORTEX_A53 = 0xd03;
  static final int CORTEX_A35 = 0xd04;
  static final int CORTEX_A55 = 0xd05;
  static final int CORTEX_A57 = 0xd07;
  static final int CORTEX_A72 = 0xd08;
  static final int CORTEX_A73 = 0xd09;
  static final int CORTEX_A75 = 0xd0a;
  static final int CORTEX_A76 = 0xd0b;
  static final int NEOVERSE_N1 = 0xd0c;
  static final int CORTEX_A77 = 0xd0d;
  static final int CORTEX_A76AE = 0xd0e;
  static final int NEOVERSE_V1 = 0xd40;
  static final int CORTEX_A78 = 0xd41;
  static final int CORTEX_A78AE = 0xd42;
  static final int CORTEX_X1 = 0xd44;
  static final int CORTEX_A510 = 0xd46;
  static final int CORTEX_A710 = 0xd47;
  static final int CORTEX_X2 = 0xd48;
  static final int NEOVERSE_N2 = 0xd49;
  static final int CORTEX_A78C = 0xd4b;

  /** Made by another company: nothing here is about it. */
  static final int FOREIGN = 0;

  private static final int ARM = 0x41;

  private CpuPart() {}

  /** Of the CPU that runs this. */
  static int here() {
    long midr = SysReg.MIDR_EL1.read();
    return Bits.get(midr, 31, 24) == ARM ? (int) Bits.get(midr, 15, 4) : FOREIGN;
  }

  /** Of the CPU that runs this: rNpM as 0xNM. */
  static int revisionHere() {
    long midr = SysReg.MIDR_EL1.read();
    return (int) Bits.put(Bits.get(midr, 3, 0), 7, 4, Bits.get(midr, 23, 20));
  }
}
