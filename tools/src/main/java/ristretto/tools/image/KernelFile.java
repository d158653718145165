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
  private static final int GZIP = 0x1f8b;
  private static final int ELF = 0x7f45;
  private static final int FLATTENED_TREE = 0xd00d;

  /** Linux, init/version.c: linux_banner. */
  private static final Pattern BANNER = Pattern.compile("Linux version (\\d\\S*) ");

  private KernelFile() {}

  /**
   * Copies the kernel, unpacked if it is compressed.
   *
   * @throws ToolException naming what the file is, if it is anything else
   */
  static void copy(Path kernel, Path target) throws IOException {
    switch (firstTwoBytes(kernel)) {
      case GZIP -> unpack(kernel, target);
      case ELF ->
          throw new ToolException(
              kernel + " is an ELF file, which U-Boot's booti does not start",
              "give the kernel's arch/arm64/boot/Image");
      case FLATTENED_TREE ->
          throw new ToolException(
              kernel + " is a device tree or a FIT (kernel.itb), which the hypervisor cannot start",
              "give the Image that it was made of: dumpimage -T flat_dt -p 0 -o Image " + kernel);
      default -> Files.copy(kernel, target);
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

  private static int firstTwoBytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(2);
      return bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    }
  }
}
