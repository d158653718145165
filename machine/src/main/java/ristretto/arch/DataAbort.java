package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * ISS of a data or instruction abort. Arm ARM DDI 0487, "ISS encoding for an exception from a Data
 * Abort".
 */
@Unboxed
public record DataAbort(int iss) {
  /** ISV: the fields that describe the access are valid. */
  @Inline
  public boolean isDescribed() {
    return Bits.isSet(iss, 24);
  }

  /** SAS: bytes accessed, 1, 2, 4 or 8. */
  @Inline
  public int size() {
    return 1 << Bits.get(iss, 23, 22);
  }

  /** SSE: a load sign-extends. */
  @Inline
  public boolean signExtends() {
    return Bits.isSet(iss, 21);
  }

  /** SRT: the general register, 31 being XZR. */
  @Inline
  public int register() {
    return Bits.get(iss, 20, 16);
  }

  /** SF: the register is 64 bits wide. */
  @Inline
  public boolean is64Bit() {
    return Bits.isSet(iss, 15);
  }

  /** FnV: FAR_EL2 is not valid. */
  @Inline
  public boolean farInvalid() {
    return Bits.isSet(iss, 10);
  }

  /** S1PTW: the fault came from a stage 2 walk for a stage 1 table. */
  @Inline
  public boolean onTableWalk() {
    return Bits.isSet(iss, 7);
  }

  /** WnR: the access was a write. */
  @Inline
  public boolean isWrite() {
    return Bits.isSet(iss, 6);
  }

  /** CM: cache maintenance. */
  @Inline
  public boolean isCacheMaintenance() {
    return Bits.isSet(iss, 8);
  }

  /** DFSC: fault status code. */
  @Inline
  public int status() {
    return Bits.get(iss, 5, 0);
  }

  /** Translation fault at any level. */
  @Inline
  public boolean isTranslationFault() {
    return Bits.get(iss, 5, 2) == 1;
  }

  /** Permission fault at any level. */
  @Inline
  public boolean isPermissionFault() {
    return Bits.get(iss, 5, 2) == 3;
  }
}
