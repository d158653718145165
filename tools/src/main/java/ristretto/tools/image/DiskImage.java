package ristretto.tools.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.host.Command;

/**
 * A disk image file: partition 1 FAT, partition 2 ext4. Made with mtools and e2fsprogs; no root, no
 * mounting. The same contents give the same bytes.
 */
public final class DiskImage {
  /** The time of every file on it: midnight, 1 January 2026, seconds since 1970. */
  static final long EPOCH = 1_767_225_600L;

  private static final String VOLUME_ID = "52495354";

  private final Path file;
  private final PartitionTable table;

  private DiskImage(Path file, PartitionTable table) {
    this.file = file;
    this.table = table;
  }

  /** A new image with an empty FAT; the root partition is to be filled. */
  public static DiskImage create(Path file, PartitionTable table) throws IOException {
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(0);
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
        "-H",
        Long.toString(PartitionTable.BOOT_START / PartitionTable.SECTOR),
        "-F",
        "-N",
        VOLUME_ID,
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

  /** Takes a file from the FAT. */
  public void get(String name, Path target) {
    mtool("mcopy", fat(), "::" + name, target.toString());
  }

  /** Makes a directory of the FAT. */
  public void makeDirectory(String name) {
    mtool("mmd", fat(), "::" + name);
  }

  /** Makes the root file system of a directory. */
  public void fillRoot(Path directory) throws IOException {
    RootFilesystem.write(directory, file, table.rootStart(), table.rootBytes(), EPOCH);
  }

  private String fat() {
    return file + "@@" + PartitionTable.BOOT_START;
  }

  private static void mtool(String program, String image, String... arguments) {
    List<String> words = new ArrayList<>(List.of(program, "-i", image));
    words.addAll(List.of(arguments));
    Command.of(words)
        // The check of mtools wants whole cylinders; nothing has had cylinders for decades.
        .with("MTOOLS_SKIP_CHECK", "1")
        .with("SOURCE_DATE_EPOCH", Long.toString(EPOCH))
        .with("TZ", "UTC")
        .run();
  }
}
