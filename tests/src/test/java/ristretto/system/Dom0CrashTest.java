package ristretto.system;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.qemu.Dom0Session;

/** A kernel panic in Dom0 is Dom0's end, not the hypervisor's. */
@Tag("system")
class Dom0CrashTest {
  private static final Duration SOON = Duration.ofMinutes(1);

  @Test
  void reportsAKernelPanicAndRestartsTheMachine() {
    Systems.note("panicking Dom0");
    try (Dom0Session dom0 = Dom0Session.start(Systems.small())) {
      dom0.awaitShell();
      dom0.type("echo c > /proc/sysrq-trigger");
      dom0.console().matching("\\(XEN\\) Hardware Dom0 crashed: rebooting machine", SOON);
      dom0.console()
          .pattern(Pattern.compile("\\(XEN\\) (Ristretto|Xen version) \\d"), Duration.ofMinutes(2));
    }
  }

  @Test
  void staysUpWhenToldNotToReboot() {
    Systems.note("panicking Dom0, noreboot");
    try (Dom0Session dom0 = Dom0Session.start(Systems.small().withXenOptions("noreboot"))) {
      dom0.awaitShell();
      dom0.type("echo c > /proc/sysrq-trigger");
      dom0.console()
          .matching("\\(XEN\\) Hardware Dom0 crashed: 'noreboot' set - not rebooting", SOON);
    }
  }
}
