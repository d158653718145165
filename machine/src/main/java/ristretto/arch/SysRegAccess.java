package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.SysReg;

/**
 * ISS of a trapped MSR, MRS or System instruction. Arm ARM DDI 0487, "ISS encoding for an exception
 * from MSR, MRS, or System instruction execution".
 */
@Unboxed
public record SysRegAccess(int iss) {
  /** The five encoding fields as {@link SysReg#encoding()} orders them. */
  @Inline
  public int encoding() {
    return SysReg.encoding(
        Bits.get(iss, 21, 20),
        Bits.get(iss, 16, 14),
        Bits.get(iss, 13, 10),
        Bits.get(iss, 4, 1),
        Bits.get(iss, 19, 17));
  }

  /** An ID register of the feature space: op0 3, op1 0, CRn 0, CRm 1 to 7. */
  @Inline
  public boolean isIdRegister() {
    return Bits.get(iss, 21, 20) == 3
        && Bits.get(iss, 16, 14) == 0
        && Bits.get(iss, 13, 10) == 0
        && Bits.get(iss, 4, 1) >= 1
        && Bits.get(iss, 4, 1) <= 7;
  }

  @Inline
  public int crm() {
    return Bits.get(iss, 4, 1);
  }

  @Inline
  public int op2() {
    return Bits.get(iss, 19, 17);
  }

  /** Rt: the general register, 31 being XZR. */
  @Inline
  public int register() {
    return Bits.get(iss, 9, 5);
  }

  /** Direction: a read (MRS). */
  @Inline
  public boolean isRead() {
    return Bits.isSet(iss, 0);
  }
}
