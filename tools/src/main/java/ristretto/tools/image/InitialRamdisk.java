package ristretto.tools.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * A compressed cpio archive (newc) that the kernel unpacks as its first root. Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
public final class InitialRamdisk implements AutoCloseable {
  private static final int CONSOLE_MAJOR = 5;
  private static final int CONSOLE_MINOR = 1;

  private final CpioArchiveOutputStream archive;
  private long inode = 1;

  private InitialRamdisk(CpioArchiveOutputStream archive) {
    this.archive = archive;
  }

  /** An archive without anything in it but /dev/console. */
  static InitialRamdisk empty(OutputStream out) throws IOException {
    InitialRamdisk ramdisk =
        new InitialRamdisk(new CpioArchiveOutputStream(new GZIPOutputStream(out)));
    ramdisk.add(ramdisk.entry("dev", CpioConstants.C_ISDIR | 0755, 0), new byte[0]);
    ramdisk.console();
    return ramdisk;
  }

  public InitialRamdisk(OutputStream out) throws IOException {
    this(new CpioArchiveOutputStream(new GZIPOutputStream(out)));
    for (String directory : List.of("bin", "dev", "modules")) {
      add(entry(directory, CpioConstants.C_ISDIR | 0755, 0), new byte[0]);
    }
    console();
  }

  /** The kernel opens it for the first process, before anything is mounted. */
  private void console() throws IOException {
    CpioArchiveEntry console = entry("dev/console", CpioConstants.C_ISCHR | 0600, 0);
    console.setRemoteDeviceMaj(CONSOLE_MAJOR);
    console.setRemoteDeviceMin(CONSOLE_MINOR);
    add(console, new byte[0]);
  }

  /** Everything in a directory, in order, root's. */
  void tree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = directory.relativize(file).toString();
        if (name.isEmpty() || name.equals("dev")) {
          continue;
        }
        int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        byte[] content = new byte[0];
        if (Files.isSymbolicLink(file)) {
          content = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
        } else if (!Files.isDirectory(file)) {
          content = Files.readAllBytes(file);
        }
        add(entry(name, mode, content.length), content);
      }
    }
  }

  /** The static shell and the script that it runs as the first process. */
  public void shell(Path busybox, String init) throws IOException {
    file("bin/busybox", Files.readAllBytes(busybox));
    file("init", init.getBytes(StandardCharsets.UTF_8));
  }

  /** A directory for {@link #modules} in an archive that was empty. */
  void modulesDirectory() throws IOException {
    add(entry("modules", CpioConstants.C_ISDIR | 0755, 0), new byte[0]);
  }

  /** The modules to load, numbered so that a shell's pattern yields them in this order. */
  public void modules(List<Path> files) throws IOException {
    int number = 10;
    for (Path file : files) {
      String name = file.getFileName().toString().replaceFirst("\\.ko\\.\\w+$", ".ko");
      file("modules/" + number++ + "-" + name, ModuleFile.read(file));
    }
  }

  private void file(String name, byte[] content) throws IOException {
    add(entry(name, CpioConstants.C_ISREG | 0755, content.length), content);
  }

  private CpioArchiveEntry entry(String name, long mode, long size) {
    CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name);
    entry.setMode(mode);
    entry.setSize(size);
    entry.setInode(inode++);
    entry.setTime(0);
    return entry;
  }

  private void add(CpioArchiveEntry entry, byte[] content) throws IOException {
    archive.putArchiveEntry(entry);
    archive.write(content);
    archive.closeArchiveEntry();
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
