package ristretto.machine;

/**
 * Immediate of the BRK that a failed check executes: {@code ESR_EL2.ISS[15:0]} with EC 0x3c. Arm
 * ARM DDI 0487, "BRK". The compiler's {@code runtime.h} has the same numbers. A null reference has
 * none: it is a data abort at a low address.
 */
public final class FaultCode {
  private FaultCode() {}

  /** An array or string index out of bounds. */
  public static final int BOUNDS = 1;

  /** An object is not of the class it is cast to. */
  public static final int CAST = 2;

  /** A division by zero. */
  public static final int DIVISION = 3;

  /** An array does not take objects of that class. */
  public static final int ARRAY_STORE = 4;

  /** An array with a negative length. */
  public static final int NEGATIVE_SIZE = 5;

  /** A failed assertion, or an enum constant that a switch does not know. */
  public static final int UNREACHABLE = 6;

  /**
   * An exception that nobody catches: x0 is the address of its class name, ended by a zero byte, x1
   * its message, a string object, or zero.
   */
  public static final int UNCAUGHT = 7;

  /** An allocation when the boot heap is sealed or full. */
  public static final int HEAP = 8;
}
