package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.compiler.link.GuestBuilder;
import ristretto.compiler.link.Toolchain;
import ristretto.tools.host.Command;
import ristretto.tools.host.Project;
import ristretto.tools.qemu.Dom0Session;

/**
 * Guests that do what no kernel would. Each judges what it gets back ({@code
 * tests/src/test/guest}); here it is Dom0 that looks: it goes on, so does a neighbour, the guest
 * can be destroyed, nothing of it stays, and the hypervisor neither makes a mistake nor fills the
 * log because of it.
 */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileGuestsTest {
  private static final Duration GUEST = Duration.ofMinutes(2);

  /** What a guest's console budget lets through at once, and a little that is not its fault. */
  private static final int MOST_LOGGED = 24 * 1024;

  /** The guest without a plan. */
  private static final int RANDOM = 26;

  private static final Pattern VERDICT = Pattern.compile("(?m)^PASS \\d+ checks$");
  private static final Pattern FREE = Pattern.compile("(?m)^free (\\d+) (\\d+)$");
  private static final Pattern SAID = Pattern.compile("(?m)^said (\\d+)$");
  private static final Pattern NEIGHBOUR =
      Pattern.compile("(?m)^neighbour beat (\\d+), beat (\\d+)$");

  private Dom0Session dom0;

  @BeforeAll
  void boot(@TempDir Path directory) throws IOException {
    Path disk = disk(directory);
    Systems.note("hostile guests");
    dom0 =
        Dom0Session.start(
                Systems.small(),
                List.of(
                    "-drive",
                    "if=none,format=raw,readonly=on,id=guests,file=" + disk,
                    "-device",
                    "virtio-blk-device,drive=guests"))
            .awaitShell();
    run("mkdir /tmp/hostile && tar -x -C /tmp/hostile -f /dev/vdb && . /tmp/hostile/hostile.sh");
    run("neighbour");
  }

  /** A disk whose content is an archive of what Dom0 needs. */
  private static Path disk(Path directory) throws IOException {
    Path home = Project.current().home();
    GuestBuilder.build(
        Toolchain.bundled(),
        List.of(home.resolve("guest"), home.resolve("tests/src/test/guest/hostile")),
        directory.resolve("guest.img"));
    try (InputStream script = HostileGuestsTest.class.getResourceAsStream("hostile.sh")) {
      Files.copy(Objects.requireNonNull(script), directory.resolve("hostile.sh"));
    }
    Path disk = directory.resolve("disk.tar");
    Command.of(
            "tar",
            "-c",
            "-C",
            directory.toString(),
            "-f",
            disk.toString(),
            "guest.img",
            "hostile.sh")
        .run();
    return disk;
  }

  /** The numbers are those of docs/hostile-guests.md. */
  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 23, 25})
  void harmsOnlyItself(int number) {
    good(bad(number, 3, 1));
  }

  /** One has crashed, one spins with its interrupts off, one is in the midst of its calls. */
  @ParameterizedTest
  @ValueSource(ints = {27, 28, 29})
  void canBeDestroyed(int number) {
    good(bad(number, 3, 1));
  }

  /**
   * It may well make an end of itself, by asking for a page of the hypervisor's in its own place.
   */
  @Test
  void harmsOnlyItselfAtRandom() {
    long seed = Long.getLong("ristretto.seed", System.nanoTime() & Integer.MAX_VALUE);
    Systems.note("hostile guest with seed " + seed);
    bad(RANDOM, 2, seed);
  }

  private static void good(String told) {
    assertTrue(VERDICT.matcher(told).find(), told);
  }

  /** Returns what it said. */
  private String bad(int number, int vcpus, long seed) {
    String told = run("bad " + number + " " + vcpus + " " + seed);
    String what = "guest " + number + " said:\n" + told;
    Matcher free = found(FREE, told);
    assertEquals(free.group(1), free.group(2), what);
    assertTrue(Integer.parseInt(found(SAID, told).group(1)) < MOST_LOGGED, what);
    Matcher neighbour = found(NEIGHBOUR, told);
    assertTrue(Integer.parseInt(neighbour.group(1)) < Integer.parseInt(neighbour.group(2)), what);
    return told;
  }

  private static Matcher found(Pattern pattern, String told) {
    Matcher matcher = pattern.matcher(told);
    assertTrue(matcher.find(), () -> pattern + " in:\n" + told);
    return matcher;
  }

  private String run(String command) {
    return dom0.console()
        .command(command, Dom0Session.PROMPT, GUEST)
        .replaceAll("(?m)^\\(XEN\\) .*\n", "");
  }

  @AfterAll
  void end() {
    dom0.close();
  }
}
