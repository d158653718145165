package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.debian.Suite;
import ristretto.tools.image.SuiteImages;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.uboot.ImageHeader;

/** Debian's kernel in the other files that a Dom0 kernel may come in. */
@Tag("system")
class KernelFormatsTest {
  /** Where arm64 kernels are linked: KIMAGE_VADDR with 48-bit addresses. */
  private static final long LINKED_AT = 0xffff_8000_8000_0000L;

  private static final int ELF_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SEGMENT_OFFSET = 0x1_0000;

  @Test
  void bootsACompressedKernel(@TempDir Path directory) throws IOException {
    Systems.note("booting a gzip-compressed kernel");
    Boot boot = Systems.small();
    try (OutputStream file = new GZIPOutputStream(kernelIn(directory))) {
      Files.copy(boot.files().kernel(), file);
    }
    boots(boot, directory);
  }

  /**
   * Debian has no ELF kernel to install, short of a debugging package of a gigabyte: this one is
   * the same kernel as the single segment of a file.
   */
  @Test
  void bootsAnElfKernel(@TempDir Path directory) throws IOException {
    Systems.note("booting an ELF kernel");
    Boot boot = Systems.small();
    Path image = boot.files().kernel();
    try (OutputStream file = kernelIn(directory)) {
      file.write(elfHeaders(Files.size(image), ImageHeader.memoryBytes(image)));
      Files.copy(image, file);
    }
    boots(boot, directory);
  }

  @Test
  void saysWhatIsWrongWithATruncatedKernel(@TempDir Path directory) throws IOException {
    Systems.onlyOurs("what is said of a broken kernel is in our words");
    Systems.note("booting a kernel that was cut off");
    Boot boot = Systems.small();
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream file = new GZIPOutputStream(compressed)) {
      Files.copy(boot.files().kernel(), file);
    }
    try (OutputStream file = kernelIn(directory)) {
      file.write(compressed.toByteArray(), 0, compressed.size() / 2);
    }
    Files.createSymbolicLink(directory.resolve("initramfs"), boot.files().ramdisk());
    var files = new SuiteImages.Assembled(Suite.TRIXIE, directory);
    try (Dom0Session dom0 = Dom0Session.start(boot.withFiles(files))) {
      dom0.console().text("Ristretto cannot start: ", BootMatrixTest.FIRST_LINES);
      dom0.console().text("the compressed file is damaged", Duration.ofMinutes(1));
      dom0.console().text("Halted. Correct this and reset the machine.", Duration.ofMinutes(1));
    }
  }

  private static OutputStream kernelIn(Path directory) throws IOException {
    return Files.newOutputStream(directory.resolve("Image"));
  }

  private static void boots(Boot boot, Path directory) throws IOException {
    Files.createSymbolicLink(directory.resolve("initramfs"), boot.files().ramdisk());
    var files = new SuiteImages.Assembled(Suite.TRIXIE, directory);
    try (Dom0Session dom0 = Dom0Session.start(boot.withFiles(files))) {
      dom0.awaitShell();
      assertEquals("control_d\n", dom0.run("cat /proc/xen/capabilities"));
    }
  }

  /** What precedes the segment. System V ABI, "Object Files", "Program Loading". */
  private static byte[] elfHeaders(long fileBytes, long memoryBytes) {
    ByteBuffer elf = ByteBuffer.allocate(SEGMENT_OFFSET).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}); // 64 bits, little endian, version 1
    elf.putShort(16, (short) 3).putShort(18, (short) 183).putInt(20, 1); // ET_DYN, AArch64
    elf.putLong(24, LINKED_AT).putLong(32, ELF_HEADER); // entry, program headers
    elf.putShort(52, (short) ELF_HEADER)
        .putShort(54, (short) PROGRAM_HEADER)
        .putShort(56, (short) 1);
    int header = ELF_HEADER;
    elf.putInt(header, 1).putInt(header + 4, 7); // PT_LOAD; read, write, execute
    elf.putLong(header + 8, SEGMENT_OFFSET).putLong(header + 16, LINKED_AT);
    elf.putLong(header + 24, LINKED_AT).putLong(header + 32, fileBytes);
    elf.putLong(header + 40, memoryBytes).putLong(header + 48, SEGMENT_OFFSET);
    return elf.array();
  }
}
