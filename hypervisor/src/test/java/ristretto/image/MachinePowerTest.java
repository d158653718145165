package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.sim.FreshImage;
import ristretto.sim.Outcome;
import ristretto.sim.Switching;

/** What becomes of the machine when Dom0 crashes. */
class MachinePowerTest {
  private static final String OPTIONS = "console=dtuart dtuart=serial0 dom0_mem=256M";

  private static BootOnSimulatedVirt crash(String options, String typed) {
    var boot = new BootOnSimulatedVirt(1, 3, OPTIONS + options, Switching.NEVER);
    boot.board
        .machine()
        .run(() -> {
          var guest = boot.bootHere();
          Domain dom0 = Objects.requireNonNull(Domains.find(0));
          dom0.crash("a test");
          dom0.crash("a second reason");
          boot.board.type(typed);
          guest.waitForInterrupt(); // the way out of the trap: nothing runs any more
        });
    String console = boot.console();
    assertTrue(console.contains("domain 0 crashed: a test"), console);
    assertTrue(!console.contains("a second reason"), console);
    return boot;
  }

  @Test
  void aCrashOfDom0ResetsTheMachine() {
    FreshImage.run(Resets.class);
  }

  static final class Resets implements Runnable {
    @Override
    public void run() {
      var boot = crash("", "");
      assertEquals(Outcome.RESET, boot.board.machine().outcome());
      assertTrue(boot.console().contains("Hardware Dom0 crashed: rebooting"), boot.console());
    }
  }

  @Test
  void withNorebootTheConsoleGoesOnUntilItsKeyResetsTheMachine() {
    FreshImage.run(Stays.class);
  }

  static final class Stays implements Runnable {
    @Override
    public void run() {
      var boot = crash(" noreboot", "\u0001\u0001\u0001R");
      String console = boot.console();
      assertTrue(console.contains("'noreboot' set - not rebooting."), console);
      assertTrue(console.contains("'R' pressed -> rebooting machine"), console);
      assertEquals(Outcome.RESET, boot.board.machine().outcome(), console);
    }
  }
}
