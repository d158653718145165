package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ristretto.tools.host.Command;
import ristretto.tools.host.ToolException;

/**
 * An ext4 file system made of a directory, the same bytes each time: names in order, everything
 * root's, one time for all. mke2fs alone (`-d`) would take the host's order, times and owners. No
 * root, no mounting.
 */
final class RootFilesystem {
  private static final String IDENTITY = "52495354-5245-4000-8000-000000000001";
  private static final String HASH_SEED = "52495354-5245-4000-8000-000000000002";

  /** mke2fs(8), "E2FSPROGS_FAKE_TIME": for the file system's own times. */
  private static final String CLOCK = "E2FSPROGS_FAKE_TIME";

  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_LINK = 0120000;

  private final StringBuilder script = new StringBuilder();

  private RootFilesystem() {}

  /**
   * Writes the file system into a part of a file.
   *
   * @param start its first byte there
   * @param bytes its size
   * @param epoch seconds since 1970, the time of everything in it
   */
  static void write(Path tree, Path disk, long start, long bytes, long epoch) throws IOException {
    Command.of(
            "mke2fs",
            "-q",
            "-F",
            "-t",
            "ext4",
            "-L",
            "root",
            "-m",
            "1",
            "-U",
            IDENTITY,
            "-E",
            "offset=" + start + ",root_owner=0:0,hash_seed=" + HASH_SEED,
            disk.toString(),
            (bytes >> 10) + "k")
        .with(CLOCK, Long.toString(epoch))
        .run();
    RootFilesystem root = new RootFilesystem();
    root.addAll(tree, "", epoch);
    Path commands = Files.createTempFile("ristretto", ".debugfs");
    try {
      Files.writeString(commands, root.script);
      run(commands, disk + "?offset=" + start, epoch);
    } finally {
      Files.delete(commands);
    }
  }

  /** debugfs says what failed and goes on, with status 0. */
  private static void run(Path commands, String device, long epoch) {
    String output =
        Command.of("debugfs", "-w", "-f", commands.toString(), device)
            .with(CLOCK, Long.toString(epoch))
            .run();
    List<String> complaints =
        output
            .lines()
            .filter(line -> !line.isBlank())
            .filter(line -> !line.startsWith("debugfs") && !line.startsWith("Allocated inode:"))
            .toList();
    if (!complaints.isEmpty()) {
      throw new ToolException(
          "the root file system is not whole: " + complaints.getFirst(),
          "a root of fewer or smaller files, or more room on the card (--size)");
    }
  }

  private void addAll(Path directory, String name, long epoch) throws IOException {
    List<Path> entries;
    try (Stream<Path> files = Files.list(directory)) {
      entries = files.sorted().toList();
    }
    for (Path entry : entries) {
      add(entry, name + "/" + entry.getFileName(), epoch);
    }
  }

  private void add(Path entry, String name, long epoch) throws IOException {
    if (name.contains("\"") || name.contains("\n")) {
      throw new ToolException("a file name that debugfs cannot be told: " + name);
    }
    if (Files.isSymbolicLink(entry)) {
      line("symlink " + quoted(name) + " " + quoted(Files.readSymbolicLink(entry).toString()));
      attributes(name, TYPE_LINK | 0777, epoch);
    } else if (Files.isDirectory(entry)) {
      line("mkdir " + quoted(name));
      attributes(name, TYPE_DIRECTORY | mode(entry), epoch);
      addAll(entry, name, epoch);
    } else {
      line("write " + quoted(entry.toString()) + " " + quoted(name));
      attributes(name, TYPE_FILE | mode(entry), epoch);
    }
  }

  /** Type and permissions, owner and times. */
  private void attributes(String name, int mode, long epoch) {
    set(name, "mode", "0" + Integer.toOctalString(mode));
    set(name, "uid", "0");
    set(name, "gid", "0");
    for (String time : List.of("atime", "ctime", "mtime", "crtime")) {
      set(name, time, "@" + epoch);
    }
  }

  private void set(String name, String field, String value) {
    line("set_inode_field " + quoted(name) + " " + field + " " + value);
  }

  private void line(String command) {
    script.append(command).append('\n');
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private static int mode(Path file) throws IOException {
    Object all = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (Integer) all & 07777;
  }
}
