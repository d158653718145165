package ristretto.core.grant;

import ristretto.abi.Gnttabop.MapFlags;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * One entry of a {@link Maptrack}: hypervisor memory. Which grant a handle stands for and where it
 * is mapped. The state is guarded by the maptrack's lock; the rest belongs to whoever has taken the
 * entry out of MAPPED or FREE.
 */
@Unboxed
record Mapping(long address) {
  /** In the list of free entries. */
  static final int FREE = 0;

  /** Taken for a mapping that is being made. */
  static final int OPENING = 1;

  static final int MAPPED = 2;

  /** Somebody is unmapping it. */
  static final int CLOSING = 3;

  private static final int WHAT = 0; // reference [31:0] or next free, domain [47:32], flags, state
  private static final int WHERE = 8; // guest frame [39:0], generation [63:40]
  static final int SIZEOF = 16;

  @Inline
  int state() {
    return (int) Bits.get(Memory.load64(address + WHAT), 63, 56);
  }

  void setState(int state) {
    Memory.store64(address + WHAT, Bits.put(Memory.load64(address + WHAT), 63, 56, state));
  }

  /**
   * What it maps: the grant {@code reference} of {@code domain}; and where, in the owner's space.
   */
  void set(int state, int reference, int domain, MapFlags flags, long gfn) {
    long what = Bits.put(0L, 31, 0, reference);
    what = Bits.put(Bits.put(what, 47, 32, domain), 55, 48, flags.bits());
    Memory.store64(address + WHAT, Bits.put(what, 63, 56, state));
    Memory.store64(address + WHERE, Bits.put(Memory.load64(address + WHERE), 39, 0, gfn));
  }

  int reference() {
    return Memory.load32(address + WHAT);
  }

  int domain() {
    return (int) Bits.get(Memory.load64(address + WHAT), 47, 32);
  }

  MapFlags flags() {
    return new MapFlags((int) Bits.get(Memory.load64(address + WHAT), 55, 48));
  }

  void setFlags(MapFlags flags) {
    Memory.store64(address + WHAT, Bits.put(Memory.load64(address + WHAT), 55, 48, flags.bits()));
  }

  long gfn() {
    return Bits.get(Memory.load64(address + WHERE), 39, 0);
  }

  /** Tells this use of the entry from earlier ones, so that an old handle names no new mapping. */
  int generation() {
    return (int) Bits.get(Memory.load64(address + WHERE), 63, 40);
  }

  /** Somebody is about to make a mapping. */
  void open(int generation) {
    setState(OPENING);
    long where = Memory.load64(address + WHERE);
    Memory.store64(address + WHERE, Bits.put(where, 63, 40, generation));
  }

  /** Of a free entry: the next one of the frame, see {@link MaptrackFrame}. */
  int next() {
    return Memory.load32(address + WHAT);
  }

  void setFree(int next) {
    Memory.store64(address + WHAT, Bits.put(0L, 31, 0, next));
  }
}
