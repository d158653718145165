package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ristretto.tools.console.Expect;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/** Debian's kernels boot as Dom0 on every kind of machine, reboot it, and power it off. */
class BootMatrixTest {
  /** The first line of ours, and of Xen's. */
  static final Pattern BANNER = Pattern.compile("\\(XEN\\) (Ristretto|Xen version) \\d");

  /** From power on, or a reset, until the hypervisor's first lines: a host may be busy. */
  static final Duration FIRST_LINES = Duration.ofMinutes(2);

  static Stream<BootCase> cases() {
    return BootCase.pairwise().stream();
  }

  @Tag("system")
  @ParameterizedTest
  @MethodSource("cases")
  void bootsRebootsAndPowersOff(BootCase machine) {
    Systems.note("booting " + machine);
    Boot boot = Systems.boot(machine.machine(), machine.way(), machine.suite());
    try (Dom0Session dom0 = Dom0Session.start(boot)) {
      bootsAsDom0(dom0, machine);
      dom0.type("reboot");
      bootsAsDom0(dom0, machine);
      dom0.type("poweroff");
      dom0.awaitPowerOff();
    }
  }

  private static void bootsAsDom0(Dom0Session dom0, BootCase machine) {
    Expect console = dom0.console();
    console.pattern(BANNER, FIRST_LINES);
    console.text("Booting Linux on physical CPU", FIRST_LINES);
    dom0.awaitShell();
    assertEquals("control_d\n", dom0.run("cat /proc/xen/capabilities"));
    assertEquals(machine.smp() + "\n", dom0.run("nproc"));
    assertEquals("/dev/hvc0\n", dom0.run("tty"));
    // Xen's events come through the kernel's own interrupt controller for them.
    String interrupts = dom0.run("grep -c ' xen-' /proc/interrupts");
    assertTrue(Integer.parseInt(interrupts.strip()) > 0, () -> "no Xen events: " + interrupts);
  }

  @Test
  void anyTwoValuesMeetInSomeCase() {
    List<List<Object>> rows = BootCase.pairwise().stream().map(BootCase::values).toList();
    for (int left = 0; left < rows.getFirst().size(); left++) {
      for (int right = left + 1; right < rows.getFirst().size(); right++) {
        assertPairs(rows, left, right);
      }
    }
  }

  private static void assertPairs(List<List<Object>> rows, int left, int right) {
    for (Object one : rows.stream().map(row -> row.get(left)).distinct().toList()) {
      for (Object other : rows.stream().map(row -> row.get(right)).distinct().toList()) {
        assertTrue(
            rows.stream()
                .anyMatch(row -> row.get(left).equals(one) && row.get(right).equals(other)),
            () -> one + " never meets " + other);
      }
    }
  }
}
