package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import ristretto.tools.console.Patience;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * Dom0 as the host of several DomUs: its shell knows the functions of the resource {@code
 * domus.sh}, which it reads from a disk of its own.
 */
final class DomuHost implements AutoCloseable {
  /** Until a command is over: all DomUs may boot at once, on a host that has other work, too. */
  private static final Duration LONG = Duration.ofMinutes(10);

  private static final int SECTOR = 512;
  private static final int ATTEMPTS = Patience.times(60);
  private static final String FREE = Systems.ours() ? "free_pages" : "free_memory";

  private final Dom0Session dom0;
  private final Path disk;

  private DomuHost(Dom0Session dom0, Path disk) {
    this.dom0 = dom0;
    this.disk = disk;
  }

  /** Boots, and waits for the shell. */
  static DomuHost start(Boot boot) {
    try {
      Path disk = Files.createTempFile("ristretto", ".domus");
      Files.write(disk, functions());
      Dom0Session dom0 = Dom0Session.start(boot, Systems.readOnlyDisk(disk));
      DomuHost host = new DomuHost(dom0, disk);
      host.prepare();
      return host;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void prepare() {
    try {
      dom0.awaitShell();
      quietly(". /dev/vdb; start_listening");
    } catch (RuntimeException | AssertionError e) {
      close(); // nobody else has it yet
      throw e;
    }
  }

  /** The shell functions, and newlines to the end of a sector. */
  private static byte[] functions() throws IOException {
    try (InputStream in = DomuHost.class.getResourceAsStream("domus.sh")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      int missing = (SECTOR - text.length() % SECTOR) % SECTOR;
      return (text + "\n".repeat(missing)).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Runs a command in Dom0's shell and returns what it printed, without the line's end. */
  String run(String command) {
    return dom0.run(command, LONG).stripTrailing();
  }

  /** Runs a command that has nothing to say unless it fails. */
  void quietly(String command) {
    assertEquals("", run(command), command);
  }

  /** Memory that no domain has: in pages where the hypervisor is ours, else in MiB. */
  String freeMemory() {
    return run(FREE);
  }

  /** Waits until there is as much of it: who lets go of a DomU's last page may take a moment. */
  void awaitFreeMemory(String expected) {
    String now = freeMemory();
    for (int attempt = 1; !now.equals(expected) && attempt < ATTEMPTS; attempt++) {
      run("sleep 0.5");
      now = freeMemory();
    }
    assertEquals(expected, now, FREE);
  }

  /** Nothing in a log of the hypervisor, of Dom0's or a DomU's kernel, or of the tools is amiss. */
  void assertNoComplaint() {
    assertEquals("", run("complaints"));
  }

  @Override
  public void close() {
    try {
      dom0.close();
    } finally {
      deleteDisk();
    }
  }

  private void deleteDisk() {
    try {
      Files.deleteIfExists(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
