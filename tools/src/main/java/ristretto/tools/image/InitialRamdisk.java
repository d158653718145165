package ristretto.tools.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.tukaani.xz.XZInputStream;

/**
 * A compressed cpio archive (newc) that the kernel unpacks as its first root. Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
public final class InitialRamdisk implements AutoCloseable {
  private static final int CONSOLE_MAJOR = 5;
  private static final int CONSOLE_MINOR = 1;

  private final CpioArchiveOutputStream archive;
  private long inode = 1;

  public InitialRamdisk(OutputStream out) throws IOException {
    archive = new CpioArchiveOutputStream(new GZIPOutputStream(out));
    for (String directory : List.of("bin", "dev", "modules")) {
      add(entry(directory, CpioConstants.C_ISDIR | 0755, 0), new byte[0]);
    }
    // The kernel opens it for the first process, before anything is mounted.
    CpioArchiveEntry console = entry("dev/console", CpioConstants.C_ISCHR | 0600, 0);
    console.setRemoteDeviceMaj(CONSOLE_MAJOR);
    console.setRemoteDeviceMin(CONSOLE_MINOR);
    add(console, new byte[0]);
  }

  /** The static shell and the script that it runs as the first process. */
  public void shell(Path busybox, String init) throws IOException {
    file("bin/busybox", Files.readAllBytes(busybox));
    file("init", init.getBytes(StandardCharsets.UTF_8));
  }

  /** The modules to load, numbered so that a shell's pattern yields them in this order. */
  public void modules(List<Path> files) throws IOException {
    int number = 10;
    for (Path file : files) {
      String name = file.getFileName().toString();
      byte[] content = Files.readAllBytes(file);
      if (name.endsWith(".xz")) {
        name = name.substring(0, name.length() - ".xz".length());
        try (XZInputStream in = new XZInputStream(Files.newInputStream(file))) {
          content = in.readAllBytes();
        }
      }
      file("modules/" + number++ + "-" + name, content);
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
