package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.console.Expect;
import ristretto.tools.qemu.Dom0Session;

/**
 * A fault of the hypervisor while it serves a guest is that guest's end, and the report names the
 * Java methods. Debug key '!' makes one.
 */
@Tag("system")
class ContainedFaultTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void endsDom0AndNothingElse() {
    Systems.onlyOurs("debug key '!' is ours");
    Systems.note("provoking a fault while Dom0 runs");
    // One vCPU, kept from idling, where the console's interrupt comes: the fault is in its trap.
    String options = "noreboot dom0_max_vcpus=1 dom0_vcpus_pin";
    try (Dom0Session dom0 = Dom0Session.start(Systems.small().withXenOptions(options))) {
      dom0.expectFaults().awaitShell();
      dom0.type("while :; do :; done");
      Expect console = dom0.console();
      console.send(HypervisorConsoleTest.SWITCH);
      console.text("Serial input to Xen", SOON);
      console.send("!");
      console.text("*** Fault in the hypervisor on CPU 0: index out of bounds", SOON);
      console.matching("at .*ProvokedFault\\.press\\(ProvokedFault\\.java:\\d+\\)", SOON);
      console.matching("at .*ConsoleInput\\.receive\\(ConsoleInput\\.java:\\d+\\)", SOON);
      console.matching("at .*Traps\\.onIrq\\(Traps\\.java:\\d+\\)", SOON);
      console.text("domain 0 ends by a fault of the hypervisor; contained faults: 1", SOON);
      console.text("'noreboot' set - not rebooting", SOON);
      console.send("h");
      console.matching("\\(XEN\\).*key 'h'", SOON);
      console.send("q");
      console.matching("\\(XEN\\).*General information for domain 0", SOON);
      assertTrue(dom0.isRunning());
      console.send("R");
      console.pattern(BootMatrixTest.BANNER, BootMatrixTest.FIRST_LINES);
    }
  }
}
