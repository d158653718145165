package ristretto.core.hypercall;

import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.Memory;

/**
 * The page of the CPU into which arguments are copied once, and from which answers are copied out.
 * Only the trap being served uses it. A guest can change its own memory at any time; what has been
 * copied here stays as it was checked (SECURITY rule 7).
 */
final class Scratch {
  /** Room for one argument structure. */
  static final int ARGUMENT_SIZE = 512;

  /** Room for an array's next elements, or for a text. */
  static final int BUFFER_SIZE = 2048;

  private static final int BUFFER = ARGUMENT_SIZE;
  private static final int ENTRY = BUFFER + BUFFER_SIZE;

  private Scratch() {}

  /** Hypervisor address of {@link #ARGUMENT_SIZE} bytes. */
  @Inline
  static long argument() {
    return Cpu.current().scratch;
  }

  /** Hypervisor address of {@link #BUFFER_SIZE} bytes. */
  static long buffer() {
    return Cpu.current().scratch + BUFFER;
  }

  /** Hypervisor address of a multicall's entry, which outlives the call that is made for it. */
  static long multicallEntry() {
    return Cpu.current().scratch + ENTRY;
  }

  /** Copies an argument of {@code size} bytes in, to {@link #argument}. */
  @Inline
  static boolean copyArgument(Vcpu vcpu, long guest, int size) {
    return GuestMemory.copyIn(vcpu, guest, argument(), size);
  }

  /**
   * Reads an argument that is one 32-bit word.
   *
   * @return the word, zero-extended; negative: the guest may not read there
   */
  @Inline
  static long word(Vcpu vcpu, long guest) {
    long word = GuestMemory.load32(vcpu, guest);
    return word >= 0 ? word : copiedWord(vcpu, guest);
  }

  @NoInline
  private static long copiedWord(Vcpu vcpu, long guest) {
    return copyArgument(vcpu, guest, Integer.BYTES)
        ? Integer.toUnsignedLong(Memory.load32(argument()))
        : -1;
  }

  /** Copies the argument, as it is now, back to where it came from. */
  @Inline
  static boolean returnArgument(Vcpu vcpu, long guest, int size) {
    return GuestMemory.copyOut(vcpu, guest, argument(), size);
  }
}
