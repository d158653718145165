package ristretto.core.domain;

/** Why a domain shut down: {@code SHUTDOWN_*} of xen/include/public/sched.h. */
public final class ShutdownReason {
  public static final int POWEROFF = 0;
  public static final int REBOOT = 1;
  public static final int SUSPEND = 2;
  public static final int CRASH = 3;
  public static final int WATCHDOG = 4;
  public static final int SOFT_RESET = 5;

  /** The domain runs. */
  public static final int NONE = -1;

  private ShutdownReason() {}
}
