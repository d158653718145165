package ristretto.core.domain;

import ristretto.core.console.Log;
import ristretto.core.cpu.PhysicalPsci;
import ristretto.lang.Cold;
import ristretto.machine.Hint;

/** What becomes of the machine when Dom0 ends. */
public final class MachinePower {
  private static boolean staysAfterCrash;

  private MachinePower() {}

  /** {@code noreboot}: a crash of Dom0 or of the hypervisor leaves the machine as it is. */
  public static void configure(boolean noReboot) {
    staysAfterCrash = noReboot;
  }

  @Cold
  static void onDom0Shutdown(int reason) {
    switch (reason) {
      case ShutdownReason.POWEROFF, ShutdownReason.SUSPEND -> {
        Log.print().text("Hardware Dom0 halted: halting machine").end();
        PhysicalPsci.systemOff();
      }
      case ShutdownReason.CRASH -> {
        Log.print().text("Hardware Dom0 crashed: ").text(afterCrash()).end();
        afterFailure();
        return;
      }
      default -> {
        Log.print().text("Hardware Dom0 shutdown: rebooting machine").end();
        PhysicalPsci.systemReset();
      }
    }
    Log.error().text("the firmware neither switches off nor resets; halted").end();
    halt();
  }

  private static String afterCrash() {
    return staysAfterCrash ? "'noreboot' set - not rebooting." : "rebooting machine";
  }

  /** The hypervisor cannot go on, or Dom0 is gone: reset, unless the user wants to look. */
  public static void afterFailure() {
    if (!staysAfterCrash) {
      PhysicalPsci.systemReset();
    }
    // With noreboot the CPUs go on serving the console; a debug key may reset the machine.
  }

  private static void halt() {
    while (true) {
      Hint.waitForInterrupt();
    }
  }
}
