package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.console.Expect;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/** One serial line for two: Ctrl-a three times switches who is typed to. */
@Tag("system")
class HypervisorConsoleTest {
  static final String SWITCH = "\u0001\u0001\u0001";
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void switchesToTheHypervisorAndBack() {
    Systems.note("switching the console's input");
    // And the other ABI of event channels, which every other boot leaves alone.
    Boot boot = Systems.small().withDom0Options("xen.fifo_events=0");
    try (Dom0Session dom0 = Dom0Session.start(boot)) {
      dom0.awaitShell();
      assertEquals("1\n", dom0.run("dmesg | grep -c 'Using 2-level ABI'"));
      Expect console = dom0.console();
      console.send(SWITCH);
      console.text("Serial input to Xen", SOON);
      console.send("h");
      for (String key : new String[] {"'R'", "'d'", "'h'", "'m'", "'q'", "'r'", "'t'"}) {
        console.matching("\\(XEN\\).*key " + key, SOON);
      }
      console.send("q");
      console.matching("\\(XEN\\).*General information for domain 0", SOON);
      for (String key : new String[] {"r", "d", "t", "m"}) {
        console.send(key);
        console.matching("\\(XEN\\).*'" + key + "' pressed", SOON);
      }
      console.send(SWITCH);
      console.text("Serial input to DOM0", SOON);
      console.send("\n");
      console.text(Dom0Session.PROMPT, SOON);
      assertEquals("still here\n", dom0.run("echo still here"));
      assertTrue(dom0.isRunning());
    }
  }
}
