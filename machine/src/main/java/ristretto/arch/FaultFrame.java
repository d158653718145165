package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * The registers at an exception which EL2 itself took, as the vector code stores them at the top of
 * the emergency stack.
 */
@Unboxed
@AssemblyConstants
public record FaultFrame(long address) {
  public static final int X0 = 0;
  public static final int X29 = 232;
  public static final int X30 = 240;
  public static final int SP = 248;
  public static final int ELR = 256;
  public static final int SPSR = 264;
  public static final int ESR = 272;
  public static final int FAR = 280;
  public static final int KIND = 288;
  public static final int SIZEOF = 304; // a multiple of 16

  /** {@link #kind()}: synchronous, described by {@link #esr()}. */
  public static final int KIND_SYNC = 0;

  public static final int KIND_IRQ = 1;
  public static final int KIND_FIQ = 2;
  public static final int KIND_SERROR = 3;

  /** An exception for which there is no vector: from EL2 with SP_EL0, or FIQ from a guest. */
  public static final int KIND_UNEXPECTED = 4;

  /** General register {@code n}, 0 to 30. */
  @Inline
  public long x(int n) {
    return Memory.load64(address + X0 + 8L * n);
  }

  @Inline
  public long sp() {
    return Memory.load64(address + SP);
  }

  @Inline
  public long elr() {
    return Memory.load64(address + ELR);
  }

  @Inline
  public long spsr() {
    return Memory.load64(address + SPSR);
  }

  @Inline
  public Esr esr() {
    return new Esr(Memory.load64(address + ESR));
  }

  /** FAR_EL2: the address of a data or instruction abort. */
  @Inline
  public long far() {
    return Memory.load64(address + FAR);
  }

  @Inline
  public int kind() {
    return Memory.load32(address + KIND);
  }
}
