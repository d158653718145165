package ristretto.core.event;

import ristretto.abi.Evtchnop.EventWord;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.machine.Memory;

/**
 * Changes of words that a guest writes at the same time. Each is bounded: a guest that hammers the
 * word makes the exchange fail a few times, then a plain store ends it (SECURITY rule 8, XSA-295).
 * What the store may undo is the guest's own write to its own memory; hypervisor CPUs do not race
 * with each other, because the owning domain's event lock is held.
 */
final class GuestWord {
  /** Exchanges tried before the plain store. An honest guest makes one or two of them fail. */
  static final int ATTEMPTS = 16;

  private GuestWord() {}

  /** Sets a bit of a 64-bit word, with acquire and release ordering. True if it was set before. */
  @Inline
  static boolean setBit64(long address, int bit) {
    long seen = Memory.load64(address);
    for (int i = 0; i < ATTEMPTS; i++) {
      long was = Memory.compareAndExchange64(address, seen, seen | Bits.bit(bit));
      if (was == seen) {
        return Bits.isSet(was, bit);
      }
      seen = was;
    }
    Memory.store64(address, seen | Bits.bit(bit));
    return Bits.isSet(seen, bit);
  }

  /**
   * Clears a bit of a 64-bit word, with acquire and release ordering. True if it was set before.
   */
  static boolean clearBit64(long address, int bit) {
    long seen = Memory.load64(address);
    for (int i = 0; i < ATTEMPTS; i++) {
      long was = Memory.compareAndExchange64(address, seen, seen & ~Bits.bit(bit));
      if (was == seen) {
        return Bits.isSet(was, bit);
      }
      seen = was;
    }
    Memory.store64(address, seen & ~Bits.bit(bit));
    return Bits.isSet(seen, bit);
  }

  /**
   * Sets or clears a flag of an event word, with acquire and release ordering. Returns the old
   * word.
   */
  static EventWord setFlag(long address, int flag, boolean value) {
    int seen = Memory.load32(address);
    for (int i = 0; i < ATTEMPTS; i++) {
      int update = new EventWord(seen).with(flag, value).bits();
      int was = Memory.compareAndExchange32(address, seen, update);
      if (was == seen) {
        return new EventWord(was);
      }
      seen = was;
    }
    Memory.store32(address, new EventWord(seen).with(flag, value).bits());
    return new EventWord(seen);
  }
}
