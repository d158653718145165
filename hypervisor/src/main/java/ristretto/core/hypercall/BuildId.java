package ristretto.core.hypercall;

import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;

/**
 * The image's build id: a hash of its content, which the linker leaves in a note. Tool Interface
 * Standard, "Executable and Linking Format", "Note Section".
 */
@Cold
final class BuildId {
  private static final int NAME_SIZE = 0; // uint32_t
  private static final int DESCRIPTION_SIZE = 4; // uint32_t
  private static final int NAME = 12; // after the type, uint32_t

  /** The linker's hashes are shorter. */
  private static final int MOST = 64;

  private BuildId() {}

  /** Bytes; 0 if there is none. */
  static int length() {
    int length = Memory.load32(note() + DESCRIPTION_SIZE);
    return length > 0 && length <= MOST ? length : 0;
  }

  /** Hypervisor address of the bytes. */
  static long address() {
    long name = Integer.toUnsignedLong(Memory.load32(note() + NAME_SIZE));
    return note() + NAME + Bits.alignUp(name, Integer.BYTES);
  }

  private static long note() {
    return ImageSymbol.BUILD_ID.address();
  }
}
