package ristretto.abi;

/**
 * Virtual interrupts that a guest binds to an event channel. {@code VIRQ_*}, {@code
 * xen/include/public/xen.h}, "VIRTUAL INTERRUPTS".
 */
public final class Virq {
  public static final int TIMER = 0;
  public static final int DEBUG = 1;
  public static final int CONSOLE = 2;
  public static final int DOM_EXC = 3;
  public static final int TBUF = 4;
  public static final int DEBUGGER = 6;
  public static final int XENOPROF = 7;
  public static final int CON_RING = 8;
  public static final int PCPU_STATE = 9;
  public static final int MEM_EVENT = 10;
  public static final int ARGO = 11;
  public static final int ENOMEM = 12;
  public static final int XENPMU = 13;

  /** {@code NR_VIRQS}. */
  public static final int COUNT = 24;

  private Virq() {}

  /** "V." in the header: bound once per vCPU, the binding cannot be moved. */
  public static boolean isPerVcpu(int virq) {
    return switch (virq) {
      case TIMER, DEBUG, XENOPROF, XENPMU -> true;
      default -> false;
    };
  }

  /** "(DOM0)" in the header: only the control domain is ever told of these. */
  public static boolean isPrivileged(int virq) {
    return switch (virq) {
      case CONSOLE, DOM_EXC, TBUF, DEBUGGER, CON_RING, PCPU_STATE, MEM_EVENT, ENOMEM -> true;
      default -> false;
    };
  }
}
