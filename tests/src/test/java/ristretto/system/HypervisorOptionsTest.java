package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.console.Expect;
import ristretto.tools.qemu.Dom0Session;

/** What is asked of the hypervisor on its command line can be seen. */
@Tag("system")
class HypervisorOptionsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SWITCH = "\u0002\u0002\u0002";

  @Test
  void keepsTheInputAndStampsLinesWithDom0sDate() {
    Systems.note("booting with conswitch, console_timestamps, conring_size, vwfi");
    String options = "conswitch=bx console_timestamps=date conring_size=1M vwfi=native";
    try (Dom0Session dom0 = Dom0Session.start(Systems.small().withXenOptions(options))) {
      Expect console = dom0.console();
      console.matching(
          "^\\(XEN\\) \\[ +\\d+\\.\\d{6}] .*Serial input to Xen", BootMatrixTest.FIRST_LINES);
      dom0.awaitShell();
      console.send("h");
      console.matching("\\(XEN\\).*key 'h'", SOON);
      console.send(SWITCH);
      console.text("Serial input to DOM0 (type 'CTRL-b' three times", SOON);
      console.send("\n");
      dom0.awaitShell();
      assertEquals("2\n", dom0.run("sleep 1; nproc"));
      dom0.run("date -s @1700000000");
      console.send(SWITCH);
      console.matching("\\(XEN\\) \\[2023-11-14 22:1\\d:\\d\\d] .*Serial input to Xen", SOON);
    }
  }
}
