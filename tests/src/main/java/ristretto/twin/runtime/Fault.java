package ristretto.twin.runtime;

import ristretto.lang.Bits;
import ristretto.machine.FaultCode;

/** Which error of Java an exception at EL2 stands for. Arm ARM DDI 0487, "ESR_EL2". */
final class Fault {
  private static final int EC_DATA_ABORT = 0x25;
  private static final int EC_BRK = 0x3c;
  private static final int PAGE = 4096;

  private Fault() {}

  static String name(long esr, long far) {
    int exceptionClass = (int) Bits.get(esr, 31, 26);
    if (exceptionClass == EC_DATA_ABORT && Long.compareUnsigned(far, PAGE) < 0) {
      return "java.lang.NullPointerException";
    }
    return exceptionClass == EC_BRK ? check((int) Bits.get(esr, 15, 0)) : "unexpected";
  }

  static boolean isUnexpected(long esr, long far) {
    return name(esr, far).equals("unexpected");
  }

  private static String check(int code) {
    return switch (code) {
      case FaultCode.BOUNDS -> "java.lang.ArrayIndexOutOfBoundsException";
      case FaultCode.CAST -> "java.lang.ClassCastException";
      case FaultCode.DIVISION -> "java.lang.ArithmeticException";
      case FaultCode.ARRAY_STORE -> "java.lang.ArrayStoreException";
      case FaultCode.NEGATIVE_SIZE -> "java.lang.NegativeArraySizeException";
      default -> "unexpected";
    };
  }
}
