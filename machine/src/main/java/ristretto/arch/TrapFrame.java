package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * A vCPU's general registers while it does not run, as the vector code saves them. While a vCPU
 * runs, SP_EL2 is the address of its frame; there the vector code finds what it needs to know of
 * the physical CPU, which {@link #setStackTop} and {@link #setHistoryRounds} have put there.
 *
 * <p>{@code address} is a hypervisor address, aligned to 16 bytes.
 */
@Unboxed
@AssemblyConstants
public record TrapFrame(long address) {
  public static final int X0 = 0;
  public static final int X29 = 232;
  public static final int X30 = 240;
  public static final int ELR = 248; // ELR_EL2: where the guest goes on
  public static final int SPSR = 256; // SPSR_EL2: the guest's PSTATE
  public static final int STACK_TOP = 264; // top of the EL2 stack of the CPU that runs this vCPU
  public static final int HISTORY_ROUNDS = 272; // of the loop of vectors_loop, on that CPU
  public static final int SIZEOF = 288;

  /** Bytes of an HVC or SMC: there is no shorter one, except SMC in AArch32. */
  private static final long CALL_SIZE = 4;

  /** General register {@code n}; 31 is XZR and reads 0. */
  @Inline
  public long x(int n) {
    return n == 31 ? 0 : Memory.load64(address + 8L * n);
  }

  /** Sets general register {@code n}; 31 is XZR and stays 0. */
  @Inline
  public void setX(int n, long value) {
    if (n != 31) {
      Memory.store64(address + 8L * n, value);
    }
  }

  @Inline
  public long elr() {
    return Memory.load64(address + ELR);
  }

  @Inline
  public void setElr(long value) {
    Memory.store64(address + ELR, value);
  }

  /** The guest goes on with the SVC, HVC or SMC that it has just stepped over: 4 bytes back. */
  @Inline
  public void repeatCall() {
    setElr(elr() - CALL_SIZE);
  }

  @Inline
  public long spsr() {
    return Memory.load64(address + SPSR);
  }

  @Inline
  public void setSpsr(long value) {
    Memory.store64(address + SPSR, value);
  }

  @Inline
  public void setStackTop(long value) {
    Memory.store64(address + STACK_TOP, value);
  }

  @Inline
  public void setHistoryRounds(long value) {
    Memory.store64(address + HISTORY_ROUNDS, value);
  }
}
