package ristretto.core.grant;

import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * A frame of a {@link Maptrack}, by the word of the directory that names it: where the frame is,
 * how many of its entries are in use, and the first that is not. Guarded by the maptrack's lock;
 * but the address stays while an entry is in use, whose owner needs no lock to find it.
 *
 * @param word hypervisor address
 */
@Unboxed
record MaptrackFrame(long word) {
  static final int ENTRIES = Frames.SIZE / Mapping.SIZEOF;

  private static final int FREE_TOP = 63; // first free entry, or ENTRIES
  private static final int FREE_BOTTOM = 52;
  private static final int ADDRESS_TOP = 51; // of the frame, divided by its size
  private static final int ADDRESS_BOTTOM = 12;
  private static final int USED_TOP = 8;

  /** All entries of a frame of zeros are free from now on, the lowest first. */
  void open(long address) {
    Memory.store64(word, address);
    for (int i = 0; i < ENTRIES; i++) {
      entry(i).setFree(i + 1);
    }
  }

  /** The frame is another's now. Returns its address. */
  long close() {
    long address = address();
    Memory.store64(word, 0);
    return address;
  }

  private long address() {
    return Bits.get(Memory.load64(word), ADDRESS_TOP, ADDRESS_BOTTOM) << Frames.SHIFT;
  }

  int used() {
    return (int) Bits.get(Memory.load64(word), USED_TOP, 0);
  }

  boolean isFull() {
    return firstFree() == ENTRIES;
  }

  /** Index of the first entry that is not in use; {@link #ENTRIES}: all are. */
  int firstFree() {
    return (int) Bits.get(Memory.load64(word), FREE_TOP, FREE_BOTTOM);
  }

  Mapping entry(int index) {
    return new Mapping(address() + (long) Mapping.SIZEOF * index);
  }

  /** Takes an entry of a frame that is not full. Returns its index in the frame. */
  int take() {
    int index = firstFree();
    set(entry(index).next(), used() + 1);
    return index;
  }

  /** Ends {@link #take}. */
  void give(int index) {
    entry(index).setFree(firstFree());
    set(index, used() - 1);
  }

  private void set(int firstFree, int used) {
    long bits = Bits.put(Memory.load64(word), FREE_TOP, FREE_BOTTOM, firstFree);
    Memory.store64(word, Bits.put(bits, USED_TOP, 0, used));
  }
}
