package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.qemu.Dom0Session;

/**
 * {@code xl destroy} takes less than a second, whatever the guest does meanwhile. The second is the
 * machine's own: with {@code -icount shift=0} its clock goes on by a nanosecond with each
 * instruction, of whichever CPU, so that how fast the host is does not matter; two CPUs of a GHz
 * would be done sooner.
 */
@Tag("system")
class PromptDestroyTest {
  private static final Duration LONG = Duration.ofMinutes(20);
  private static final int MOST_MILLISECONDS = 1000;

  private static final Pattern TIME = Pattern.compile("(?m)^destroyed in (\\d+) ms$");

  /** Well-behaved; panicked; deaf loops; calls without end; never at their own code. */
  private static final List<String> GUESTS =
      List.of("bad=0", "bad=27", "bad=28", "bad=29", "faults", "paused");

  @Test
  void withinASecond(@TempDir Path directory) throws IOException {
    Systems.note("destroying guests by an even clock");
    List<String> options = new ArrayList<>(HostileGuests.disk(directory));
    options.addAll(List.of("-icount", "shift=0,sleep=off"));
    try (Dom0Session dom0 = Dom0Session.start(Systems.small(), options)) {
      dom0.console().text(Dom0Session.PROMPT, LONG);
      dom0.run(HostileGuests.UNPACK, LONG);
      milliseconds(dom0, GUESTS.getFirst()); // what xl reads from the disk is in memory then
      for (String guest : GUESTS) {
        int time = milliseconds(dom0, guest);
        Systems.note(guest + ": destroyed in " + time + " ms");
        assertTrue(time < MOST_MILLISECONDS, guest + ": " + time + " ms");
      }
    }
  }

  private static int milliseconds(Dom0Session dom0, String guest) {
    String told = dom0.run("timed " + guest, LONG);
    Matcher time = TIME.matcher(told);
    assertTrue(time.find(), told);
    return Integer.parseInt(time.group(1));
  }
}
