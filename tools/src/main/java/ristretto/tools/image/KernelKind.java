package ristretto.tools.image;

import java.util.Arrays;
import java.util.HexFormat;

/** What a file is that was given for a kernel, told by its first bytes. */
enum KernelKind {
  GZIP("gzip-compressed", Remedy.unpack("gzip -dc"), "0:1f8b"),

  /** Linux, Documentation/arch/arm64/booting.rst, "Call the kernel image". */
  IMAGE("an arm64 Image", "", "56:41524d64"),

  /** System V ABI, "ELF Header": 64 bits, little endian; e_machine 183 is AArch64. */
  VMLINUX(
      "an ELF file for AArch64 (vmlinux), which U-Boot's booti does not start",
      "give arch/arm64/boot/Image of the same build, or make it: objcopy -O binary FILE Image",
      "0:7f454c460201 18:b700"),
  FOREIGN_ELF("an ELF file for another machine", Remedy.BUILD, "0:7f454c46"),

  /** Linux, drivers/firmware/efi/libstub/zboot-header.S: CONFIG_EFI_ZBOOT. */
  ZBOOT(
      "a kernel that unpacks itself under EFI (vmlinuz.efi), and the hypervisor is no EFI firmware",
      "give arch/arm64/boot/Image of the same build",
      "0:4d5a 4:7a696d67"),

  /** Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header". */
  BZIMAGE("a kernel for x86 (bzImage)", Remedy.BUILD, "510:55aa48647253"),

  /** Linux, arch/arm/boot/compressed/head.S. */
  ZIMAGE("a kernel for 32-bit Arm (zImage)", Remedy.BUILD, "36:18286f01"),

  /** Linux, Documentation/arch/riscv/boot-image-header.rst. */
  RISCV("a kernel for RISC-V", Remedy.BUILD, "56:52534305"),

  FIT(
      "a device tree or a FIT (kernel.itb), which the hypervisor cannot start",
      "give the Image that it was made of: dumpimage -T flat_dt -p 0 -o Image FILE",
      "0:d00dfeed"),
  LEGACY(
      "a kernel wrapped by mkimage (uImage), which the hypervisor cannot start",
      "give the Image that it was made of: dumpimage -T kernel -o Image FILE",
      "0:27051956"),
  XZ("compressed by xz", Remedy.unpack("xz -dc"), "0:fd377a585a00"),
  BZIP2("compressed by bzip2", Remedy.unpack("bzip2 -dc"), "0:425a68"),
  ZSTD("compressed by zstd", Remedy.unpack("zstd -dc"), "0:28b52ffd"),
  LZ4("compressed by lz4", Remedy.unpack("lz4 -dc"), "0:04224d18"),
  OLD_LZ4("compressed by lz4", Remedy.unpack("lz4 -dc"), "0:02214c18"),
  LZMA("compressed by lzma", Remedy.unpack("xz -F lzma -dc"), "0:5d0000"),
  LZO("compressed by lzop", Remedy.unpack("lzop -dc"), "0:894c5a4f"),
  UNKNOWN("not an arm64 Image", "give the kernel's arch/arm64/boot/Image or Image.gz", "0:");

  /** Bytes that have to be there to tell a kind. */
  static final int HEAD = 1024;

  /** How it goes on in "FILE is …". */
  final String description;

  private final String remedy;

  /** Places and the bytes there, for instance 0:1f8b. */
  private final String magic;

  KernelKind(String description, String remedy, String magic) {
    this.description = description;
    this.remedy = remedy;
    this.magic = magic;
  }

  /** What is to be done instead; an enum's constants cannot use its own static fields. */
  private static final class Remedy {
    private static final String BUILD =
        "build Linux with ARCH=arm64 and give arch/arm64/boot/Image";

    private static String unpack(String command) {
      return command + " FILE >Image, and give that";
    }
  }

  /** What a file with these first bytes is. */
  static KernelKind of(byte[] head) {
    String bytes = HexFormat.of().formatHex(head);
    return Arrays.stream(values()).filter(kind -> kind.isIn(bytes)).findFirst().orElse(UNKNOWN);
  }

  private boolean isIn(String head) {
    return Arrays.stream(magic.split(" ", -1))
        .map(part -> part.split(":", -1))
        .allMatch(part -> head.startsWith(part[1], 2 * Integer.parseInt(part[0])));
  }

  /** What to do about a file that is no kernel for us. */
  String remedy(Object file) {
    return remedy.replace("FILE", file.toString());
  }
}
