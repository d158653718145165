package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.compiler.link.GuestBuilder;
import ristretto.compiler.link.Toolchain;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Command;
import ristretto.tools.host.Project;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.VirtualMachine;

/**
 * Guests that do what no kernel would. Each judges what it gets back ({@code
 * tests/src/test/guest}); here it is Dom0 that looks: it goes on, so does a neighbour, the guest
 * can be destroyed, nothing of it stays, and the hypervisor neither makes a mistake nor fills the
 * log because of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileGuests {
  /** Until a guest has come and gone, on a host that has other work, too. */
  private static final Duration GUEST = Duration.ofMinutes(10);

  /** What a guest's console budget lets through at once, and a little that is not its fault. */
  private static final int MOST_LOGGED = 24 * 1024;

  /** Makes the guests and the functions that run them known to Dom0's shell. */
  static final String UNPACK =
      "mkdir /tmp/hostile && tar -x -C /tmp/hostile -f /dev/vdb && . /tmp/hostile/hostile.sh";

  /** The guest that spoils the ring to xenstored, in one way for each seed. */
  private static final int STORE_RING = 21;

  /** The guest without a plan. */
  private static final int RANDOM = 26;

  private static final Pattern VERDICT = Pattern.compile("(?m)^PASS \\d+ checks$");
  private static final Pattern FREE = Pattern.compile("(?m)^free (\\d+) (\\d+), tables (\\d+)$");
  private static final Pattern SAID = Pattern.compile("(?m)^said (\\d+)$");
  private static final Pattern NEIGHBOUR =
      Pattern.compile("(?m)^neighbour beat (\\d+), beat (\\d+)$");

  /**
   * Broken images that libxl refuses; one it does not look into, and makes a domain of it that is
   * destroyed.
   */
  private static final int REFUSED = 15;

  /** Dom0 has had 20 stage 2 tables after all guests: none is left by each of them. */
  private static final int TOO_MANY_TABLES = 48;

  private final Suite suite;
  private final int gic;
  private @Nullable Dom0Session dom0;

  HostileGuests(Suite suite, int gic) {
    this.suite = suite;
    this.gic = gic;
  }

  @BeforeAll
  void boot(@TempDir Path directory) throws IOException {
    Systems.onlyOurs("what is free after a guest is asked with a debug key of ours");
    Systems.note("hostile guests, " + suite + ", GICv" + gic);
    dom0 =
        Dom0Session.start(Systems.boot(machine(), Boot.Way.DIRECT, suite), disk(directory))
            .awaitShell();
    run(UNPACK);
    run("neighbour");
  }

  private VirtualMachine machine() {
    VirtualMachine small = Systems.SMALL;
    return new VirtualMachine(small.cpu(), small.smp(), small.memoryMib(), gic);
  }

  /** QEMU's options for a disk whose content is an archive of what Dom0 needs. */
  static List<String> disk(Path directory) throws IOException {
    Path home = Project.current().home();
    GuestBuilder.build(
        Toolchain.bundled(),
        List.of(home.resolve("guest"), home.resolve("tests/src/test/guest/hostile")),
        directory.resolve("guest.img"));
    try (InputStream script = HostileGuests.class.getResourceAsStream("hostile.sh")) {
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
    return Systems.readOnlyDisk(disk);
  }

  /** Those that judge themselves, by their numbers in docs/hostile-guests.md. */
  IntStream guests() {
    return IntStream.of(
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 25);
  }

  /** Ways to spoil the ring to xenstored. */
  IntStream ringWays() {
    return IntStream.rangeClosed(0, 5);
  }

  @ParameterizedTest
  @MethodSource("guests")
  void harmsOnlyItself(int number) {
    good(bad(number, 3, 1));
  }

  /** One has crashed, one spins with its interrupts off, one is in the midst of its calls. */
  @ParameterizedTest
  @ValueSource(ints = {27, 28, 29})
  void canBeDestroyed(int number) {
    good(bad(number, 3, 1));
  }

  @ParameterizedTest
  @MethodSource("ringWays")
  void spoilsOnlyItsOwnRing(int way) {
    good(bad(STORE_RING, 3, way));
  }

  /** One faults at its first instruction, and ever after; one was created and never let run. */
  @ParameterizedTest
  @ValueSource(strings = {"faults", "paused"})
  void neverBoots(String why) {
    String told = judged("never " + why);
    assertFalse(told.contains("not there"), told);
  }

  /** Kernels, ramdisks, trees and rights that cannot be: number 24. */
  @Test
  void brokenImagesAreRefused() {
    String told = judged("images");
    assertEquals(REFUSED, Pattern.compile("(?m)^refused: ").matcher(told).results().count(), told);
    assertTrue(told.contains("created: image_size that wraps"), told);
    assertFalse(told.contains("silent: ") || told.contains("left behind"), told);
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
    return judged("bad " + number + " " + vcpus + " " + seed);
  }

  /** Runs one, and looks at what is left of it and at the others; returns what was said. */
  private String judged(String command) {
    String told = run(command);
    String what = command + " said:\n" + told;
    assertFalse(told.contains("destroy: failed"), what);
    Matcher free = found(FREE, told);
    assertEquals(free.group(1), free.group(2), what);
    assertTrue(Integer.parseInt(free.group(3)) < TOO_MANY_TABLES, what);
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
    return Objects.requireNonNull(dom0)
        .console()
        .command(command, Dom0Session.PROMPT, GUEST)
        .replaceAll("(?m)^\\(XEN\\) .*\n", "");
  }

  @AfterAll
  void end() {
    if (dom0 != null) { // where nothing was started, it is
      dom0.close();
    }
  }
}
