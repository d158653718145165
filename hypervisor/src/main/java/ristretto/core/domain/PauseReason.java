package ristretto.core.domain;

/** Why a vCPU may not run: bits of {@link Vcpu#pauses}. */
public final class PauseReason {
  /** PSCI: not started, or CPU_OFF. */
  public static final int OFFLINE = 1;

  /** Waits for an interrupt or event (WFI, SCHEDOP_block, SCHEDOP_poll). */
  public static final int BLOCKED = 2;

  /** Its domain is paused. */
  public static final int PAUSED = 4;

  /** Its domain has shut down or crashed. */
  public static final int SHUTDOWN = 8;

  /** Its domain is being destroyed. */
  public static final int DYING = 32;

  /** Its domain's controller looks at its registers, or is about to pause it. */
  public static final int HELD = 64;

  /** Somebody is setting the registers that it starts with. */
  public static final int STARTING = 16;

  private PauseReason() {}
}
