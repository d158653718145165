package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootOnly;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** Dom0's kernel as the loader left it, of one of the formats that can be started. */
abstract class KernelImage {
  /** Linux maps itself in blocks of this size. Documentation/arch/arm64/booting.rst. */
  static final long ALIGNMENT = 2 << 20;

  /** Larger than any kernel. */
  static final long MAX_SIZE = 1L << 30;

  final BootModule module;

  KernelImage(BootModule module) {
    this.module = module;
  }

  /**
   * Looks at the module.
   *
   * @param scratch hypervisor address of 64 bytes that may be overwritten
   * @throws BootException if this is no kernel that can be started
   */
  @BootOnly
  static KernelImage inspect(BootModule module, long scratch) {
    if (Inflater.isGzip(module.base, module.size)) {
      long peeked = new Inflater(module.base, module.size, scratch, Header.SIZEOF).run();
      Header header = new Header(scratch);
      if (peeked == Header.SIZEOF && header.isImage()) {
        return new CompressedKernel(module, header);
      }
      throw new BootException("Dom0's kernel: what is compressed here is not an arm64 Image");
    }
    if (module.size >= Header.SIZEOF) {
      Header header = new Header(module.base);
      if (header.isImage()) {
        return new PlainKernel(module, header);
      }
      if (ElfKernel.isElf(module)) {
        return new ElfKernel(module);
      }
    }
    throw new BootException("Dom0's kernel is not an arm64 Image, nor compressed, nor ELF");
  }

  /** Bytes that it takes in memory from its base on, with everything that is not in the file. */
  abstract long size();

  /**
   * Where its base has to be so that it need not be moved; a multiple of {@link #ALIGNMENT}, or -1
   * if it cannot stay.
   */
  abstract long placeToStay();

  /** The only base at which it works, or -1 if any multiple of {@link #ALIGNMENT} will do. */
  long fixedBase() {
    return -1;
  }

  /** Puts it at {@code base}, where it does not overlap its file, and makes it visible to all. */
  @BootOnly
  abstract void load(long base);

  /** Address of the first instruction of a kernel that is at {@code base}. */
  abstract long entry(long base);

  /**
   * Header of an arm64 Image. Linux, Documentation/arch/arm64/booting.rst, "Call the kernel image".
   */
  @Unboxed
  record Header(long address) {
    static final int SIZEOF = 64;
    private static final int MAGIC = 0x644d_5241;

    boolean isImage() {
      return Memory.load32(address + 56) == MAGIC;
    }

    /** Bytes from a 2 MiB boundary to the first byte of the file. */
    long textOffset() {
      return Memory.load64(address + 8);
    }

    /** Bytes that the kernel needs from its first byte on. */
    long imageSize() {
      return Memory.load64(address + 16);
    }

    boolean isBigEndian() {
      return Bits.isSet(Memory.load64(address + 24), 0);
    }

    @BootOnly
    void check() {
      if (isBigEndian()) {
        throw new BootException("Dom0's kernel is big endian");
      }
      if (textOffset() < 0 || textOffset() >= ALIGNMENT || textOffset() % 4096 != 0) {
        throw new BootException("Dom0's kernel: text_offset in its header is not possible");
      }
      if (imageSize() < SIZEOF || imageSize() > MAX_SIZE) {
        throw new BootException("Dom0's kernel: image_size in its header is not possible");
      }
    }
  }
}
