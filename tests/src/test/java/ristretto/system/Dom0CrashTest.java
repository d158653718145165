package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.qemu.Dom0Session;

/**
 * A kernel panic in Dom0 is Dom0's end, not the hypervisor's. Linux on Arm does not tell Xen of a
 * panic: it stops, or restarts the machine where {@code panic=} says so.
 */
@Tag("system")
class Dom0CrashTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String PANIC = "echo c > /proc/sysrq-trigger";

  @Test
  void hypervisorAnswersAfterAPanic() {
    Systems.note("panicking Dom0");
    try (Dom0Session dom0 = Dom0Session.start(Systems.small())) {
      dom0.awaitShell();
      dom0.type(PANIC);
      dom0.console().text("end Kernel panic", SOON);
      dom0.console().send(HypervisorConsoleTest.SWITCH);
      dom0.console().text("Serial input to Xen", SOON);
      dom0.console().send("h");
      dom0.console().matching("\\(XEN\\).*key 'h'", SOON);
      assertTrue(dom0.isRunning());
    }
  }

  @Test
  void machineRestartsAfterAPanicThatAsksForIt() {
    Systems.note("panicking Dom0, panic=1");
    try (Dom0Session dom0 = Dom0Session.start(Systems.small().withDom0Options("panic=1"))) {
      dom0.awaitShell();
      dom0.type(PANIC);
      dom0.console().pattern(BootMatrixTest.BANNER, BootMatrixTest.FIRST_LINES);
    }
  }
}
