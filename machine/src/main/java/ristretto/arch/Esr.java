package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.SysReg;

/** ESR_EL2, Exception Syndrome Register (EL2). Arm ARM DDI 0487, "ESR_EL2". */
@Unboxed
public record Esr(long bits) {
  public static final int EC_UNKNOWN = 0x00;
  public static final int EC_WFX = 0x01;
  public static final int EC_CP15_32 = 0x03;
  public static final int EC_CP15_64 = 0x04;
  public static final int EC_CP14_32 = 0x05;
  public static final int EC_CP14_LS = 0x06;
  public static final int EC_FP = 0x07;
  public static final int EC_CP14_64 = 0x0c;
  public static final int EC_HVC32 = 0x12;
  public static final int EC_SMC32 = 0x13;
  public static final int EC_HVC64 = 0x16;
  public static final int EC_SMC64 = 0x17;
  public static final int EC_SYSREG = 0x18;
  public static final int EC_SVE = 0x19;
  public static final int EC_INSTRUCTION_ABORT_LOWER = 0x20;
  public static final int EC_INSTRUCTION_ABORT_SAME = 0x21;
  public static final int EC_DATA_ABORT_LOWER = 0x24;
  public static final int EC_DATA_ABORT_SAME = 0x25;
  public static final int EC_SERROR = 0x2f;
  public static final int EC_BRK64 = 0x3c;

  @Inline
  public static Esr read() {
    return new Esr(SysReg.ESR_EL2.read());
  }

  /** EC: exception class. */
  @Inline
  public int ec() {
    return (int) Bits.get(bits, 31, 26);
  }

  /** IL: the trapped instruction is 32 bits long. */
  @Inline
  public boolean il() {
    return Bits.isSet(bits, 25);
  }

  /** Bytes of the trapped instruction, 2 or 4: by IL. */
  @Inline
  public int instructionSize() {
    return 2 + 2 * (int) Bits.get(bits, 25, 25);
  }

  /** ISS: instruction specific syndrome; see {@link DataAbort}, {@link SysRegAccess}. */
  @Inline
  public int iss() {
    return (int) Bits.get(bits, 24, 0);
  }

  /** The immediate of HVC, SMC or BRK. */
  @Inline
  public int immediate() {
    return (int) Bits.get(bits, 15, 0);
  }

  /** HVC from AArch64 with this immediate: one comparison for the most frequent trap. */
  @Inline
  public boolean isHvc(int immediate) {
    long expected = Bits.put(Bits.bit(25) | immediate, 31, 26, EC_HVC64);
    return bits == expected;
  }

  /** WFx, TI [1:0]: 0 is WFI, 1 is WFE. */
  @Inline
  public boolean isWfe() {
    return Bits.isSet(bits, 0);
  }
}
