package ristretto.tools.uboot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.tools.console.FakeMachine;
import ristretto.tools.host.ToolException;

class BootPromptTest {
  private final FakeMachine machine = new FakeMachine();

  @Test
  void stopsTheCountdownAndRunsTheScript() throws InterruptedException {
    new BootPrompt().set("dom0_mem", "1024M").answer(machine.line());
    boot();
    assertFalse(machine.typed().contains("xen_bootargs"));
  }

  @Test
  void answersAgainAfterAReboot() throws InterruptedException {
    new BootPrompt().set("dom0_mem", "1024M").answer(machine.line());
    boot();
    int once = machine.typed().length();
    machine.say("reboot: Restarting system\r\n");
    boot();
    assertTrue(machine.typed().length() == 2 * once);
  }

  @Test
  void refusesWhatWouldEndTheQuotes() {
    BootPrompt prompt = new BootPrompt();
    assertThrows(ToolException.class, () -> prompt.set("xen_bootargs", "a'b"));
    assertThrows(ToolException.class, () -> prompt.set("xen_bootargs", "x".repeat(500)));
  }

  /** Says what U-Boot says, in its order. */
  private void boot() throws InterruptedException {
    int before = machine.typed().length();
    machine.say("Hit any key to stop autoboot:  2 ");
    assertTrue(typedSince(before, "\n"));
    machine.say("\b\b\b 0 \r\n=> ");
    assertTrue(typedSince(before, "setenv dom0_mem '1024M'\n"));
    machine.say("setenv dom0_mem '1024M'\r\n=> ");
    assertTrue(typedSince(before, "load virtio 0:1 ${scriptaddr} boot.scr.xen.uimg\n"));
    machine.say("1248 bytes read\r\n=> ");
    assertTrue(typedSince(before, "source ${scriptaddr}\n"));
  }

  private boolean typedSince(int index, String text) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      if (machine.typed().indexOf(text, index) >= 0) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }
}
