package ristretto.fdt;

import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * struct fdt_header at a hypervisor address. Devicetree Specification, "Header". Nothing in it may
 * be believed before {@link #check}.
 */
@Unboxed
public record FdtHeader(long address) {
  public static final int SIZEOF = 40;
  public static final int MAGIC = 0xd00dfeed;

  /** The format that has everything that is read here; dtc, U-Boot and QEMU write it. */
  public static final int VERSION = 17;

  /** A reader of version 17 understands what is compatible with version 16. */
  static final int COMPATIBLE_VERSION = 16;

  /** Linux's limit for arm64, Documentation/arch/arm64/booting.rst, "Setup the device tree". */
  public static final int MAX_SIZE = 2 << 20;

  /** One entry of the memory reservation block: address and size. */
  static final int RESERVATION_SIZE = 16;

  int magic() {
    return word(0);
  }

  public int totalSize() {
    return word(4);
  }

  int structureOffset() {
    return word(8);
  }

  int stringsOffset() {
    return word(12);
  }

  int reservationsOffset() {
    return word(16);
  }

  int version() {
    return word(20);
  }

  int lastCompatibleVersion() {
    return word(24);
  }

  int stringsSize() {
    return word(32);
  }

  int structureSize() {
    return word(36);
  }

  private int word(int offset) {
    return Integer.reverseBytes(Memory.load32(address + offset));
  }

  /** Refuses what is not a tree, or one whose blocks do not lie inside it. */
  @BootOnly
  void check() {
    if (magic() != MAGIC) {
      throw refuse("there is no device tree: the magic number is ", magic());
    }
    if (totalSize() < SIZEOF || totalSize() > MAX_SIZE) {
      throw refuse("the device tree's total size is not possible: ", totalSize());
    }
    if (version() < VERSION || lastCompatibleVersion() > VERSION) {
      throw refuse("the device tree's format version is not 17 but ", version());
    }
    if (!block(structureOffset(), structureSize()) || structureOffset() % 4 != 0) {
      throw refuse("the device tree's structure block is not inside it, at ", structureOffset());
    }
    if (!block(stringsOffset(), stringsSize())) {
      throw refuse("the device tree's strings block is not inside it, at ", stringsOffset());
    }
    if (!block(reservationsOffset(), RESERVATION_SIZE) || reservationsOffset() % 8 != 0) {
      throw refuse(
          "the device tree's memory reservations are not inside it, at ", reservationsOffset());
    }
  }

  private boolean block(int offset, int size) {
    return offset >= SIZEOF && size >= 0 && offset <= totalSize() && size <= totalSize() - offset;
  }

  @BootOnly
  private BootException refuse(String reason, int value) {
    return new BootException(
        new BootMessage(reason)
            .hex(Integer.toUnsignedLong(value))
            .text(" (tree at ")
            .hex(address)
            .text(")"));
  }
}
