package ristretto.tools.uboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import ristretto.tools.console.Expect;
import ristretto.tools.console.SerialLine;
import ristretto.tools.host.ToolException;

/**
 * Does at U-Boot's console what the overview document tells a person to do: stops the countdown and
 * runs the script that starts the hypervisor. Stays at it, so that a reboot comes back to the
 * hypervisor, too.
 */
public final class BootPrompt {
  private static final Pattern COUNTDOWN = Pattern.compile("Hit any key to stop autoboot");
  private static final Pattern PROMPT = Pattern.compile("=> $");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** CONFIG_SYS_CBSIZE of qemu_arm64, less the command's own words. */
  private static final int LONGEST_VALUE = 400;

  private final List<String> commands = new ArrayList<>();

  /** Sets a variable before the script is run. */
  public BootPrompt set(String variable, String value) {
    if (value.contains("'") || value.length() > LONGEST_VALUE || !value.equals(value.strip())) {
      throw new ToolException(
          "U-Boot cannot be told " + variable + "=" + value,
          "no single quotes and at most " + LONGEST_VALUE + " characters");
    }
    if (!value.isEmpty()) {
      commands.add("setenv " + variable + " '" + value + "'");
    }
    return this;
  }

  /** Types the commands whenever U-Boot counts down, until the line ends. */
  public void answer(SerialLine line) {
    Expect console = new Expect(line);
    Thread.ofVirtual().name("boot prompt").start(() -> converse(console));
  }

  private void converse(Expect console) {
    List<String> all = new ArrayList<>(commands);
    all.add("load virtio 0:1 ${scriptaddr} " + BootScripts.XEN);
    all.add("source ${scriptaddr}");
    while (console.attempt(COUNTDOWN, Duration.ofDays(365)).isPresent()) {
      console.send("\n");
      for (String command : all) {
        if (console.attempt(PROMPT, PATIENCE).isEmpty()) {
          return; // whoever watches the console sees where it stopped
        }
        console.send(command + "\n");
      }
    }
  }
}
