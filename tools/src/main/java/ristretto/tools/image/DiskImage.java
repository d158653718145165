package ristretto.tools.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.host.Command;

/**
 * A disk image file: partition 1 FAT, partition 2 ext4. Made with mtools and mke2fs; no root, no
 * mounting.
 */
public final class DiskImage {
  private final Path file;
  private final PartitionTable table;

  private DiskImage(Path file, PartitionTable table) {
    this.file = file;
    this.table = table;
  }

  /** A new image with an empty FAT; the root partition is to be filled. */
  public static DiskImage create(Path file, PartitionTable table) throws IOException {
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(table.diskBytes()); // sparse: what nobody writes takes no room
      disk.write(table.bytes());
    }
    DiskImage image = new DiskImage(file, table);
    long sectors = table.bootBytes() / PartitionTable.SECTOR;
    mtool(
        "mformat",
        image.fat(),
        "-T",
        Long.toString(sectors),
        "-h",
        "64",
        "-s",
        "32",
        "-F",
        "-v",
        "BOOT",
        "::");
    return image;
  }

  /** An image made before, in order to change files of its FAT. */
  public static DiskImage open(Path file) {
    return new DiskImage(file, new PartitionTable(0, 0));
  }

  /** Puts a file on the FAT, over one of the same name. */
  public void put(Path source, String name) {
    mtool("mcopy", fat(), "-o", source.toString(), "::" + name);
  }

  public void put(String content, String name) throws IOException {
    Path source = Files.createTempFile("ristretto", ".part");
    try {
      Files.writeString(source, content);
      put(source, name);
    } finally {
      Files.delete(source);
    }
  }

  /**
   * Makes the root file system of a directory.
   *
   * @param ownedByRoot the directory's owners are right; otherwise fakeroot says that everything is
   *     root's
   */
  public void fillRoot(Path directory, boolean ownedByRoot) {
    List<String> words = new ArrayList<>();
    if (!ownedByRoot) {
      words.add("fakeroot");
    }
    words.addAll(List.of("mke2fs", "-q", "-F", "-t", "ext4", "-L", "root", "-m", "1", "-d"));
    words.add(directory.toString());
    words.addAll(List.of("-E", "offset=" + table.rootStart() + ",root_owner=0:0"));
    words.add(file.toString());
    words.add((table.rootBytes() >> 10) + "k");
    Command.of(words).run();
  }

  private String fat() {
    return file + "@@" + PartitionTable.BOOT_START;
  }

  private static void mtool(String program, String image, String... arguments) {
    List<String> words = new ArrayList<>(List.of(program, "-i", image));
    words.addAll(List.of(arguments));
    // The check of mtools wants disks to be whole cylinders; nothing has had cylinders for decades.
    Command.of(words).with("MTOOLS_SKIP_CHECK", "1").run();
  }
}
