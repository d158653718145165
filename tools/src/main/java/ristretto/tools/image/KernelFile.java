package ristretto.tools.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.ImageHeader;

/** A person's own kernel, as U-Boot's booti and the hypervisor both take it: an arm64 Image. */
final class KernelFile {
  /** Linux, init/version.c: linux_banner. */
  private static final Pattern BANNER = Pattern.compile("Linux version (\\d\\S*) ");

  private KernelFile() {}

  /**
   * Copies the kernel, unpacked if it is compressed.
   *
   * @throws ToolException naming what the file is, if it is anything else
   */
  static void copy(Path kernel, Path target) throws IOException {
    if (kind(kernel) == KernelKind.GZIP) {
      unpack(kernel, target);
    } else {
      Files.copy(kernel, target);
    }
    KernelKind kind = kind(target);
    if (kind != KernelKind.IMAGE) {
      String inside = kind(kernel) == kind ? " is " : " has in it what is ";
      throw new ToolException(
          "--kernel: " + kernel + inside + kind.description, kind.remedy(kernel));
    }
    check(kernel, ImageHeader.read(target));
  }

  /** The release that a kernel's Image names, as `uname -r` does; empty if it names none. */
  static Optional<String> release(Path image) throws IOException {
    String bytes = Files.readString(image, StandardCharsets.ISO_8859_1);
    Matcher matcher = BANNER.matcher(bytes);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static void check(Path kernel, ImageHeader header) {
    if (header.isBigEndian()) {
      throw new ToolException(
          kernel + " is a big-endian kernel, and Xen's interface is little-endian",
          "configure the kernel with CONFIG_CPU_LITTLE_ENDIAN=y");
    }
    if (!header.isMovable()) {
      throw new ToolException(
          kernel + " must lie where RAM begins, and the firmware is there",
          "give a kernel of Linux 4.6 or newer");
    }
  }

  private static void unpack(Path kernel, Path target) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(kernel))) {
      Files.copy(in, target);
    } catch (ZipException | java.io.EOFException e) {
      throw new ToolException(
          kernel + ": the compressed file is damaged: " + e.getMessage(),
          "copy it again from where it was built");
    }
  }

  private static KernelKind kind(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return KernelKind.of(in.readNBytes(KernelKind.HEAD));
    }
  }
}
