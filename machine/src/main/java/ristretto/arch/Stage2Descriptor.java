package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * Translation table entry of stage 2, 4 KB granule, 48-bit output address. Arm ARM DDI 0487,
 * "VMSAv8-64 descriptor formats". Levels count from 1 (1 GiB an entry) to 3 (4 KiB).
 */
@Unboxed
public record Stage2Descriptor(long bits) {
  /** S2AP: read only, and read and write. */
  private static final int READ = 1;

  private static final int READ_WRITE = 3;

  /** MemAttr [5:2]: device nGnRE, and ordinary memory, write-back inner and outer. */
  private static final int DEVICE_NGNRE = 1;

  private static final int NORMAL_WRITE_BACK = 15;

  private static final int TABLE = 3;

  /** Translates nothing. */
  public static final Stage2Descriptor INVALID = new Stage2Descriptor(0);

  /**
   * Points at the table of the next level.
   *
   * @param used valid entries in that table; hardware ignores bits [11:2]
   */
  @Inline
  public static Stage2Descriptor table(long physicalAddress, int used) {
    return new Stage2Descriptor(physicalAddress | TABLE).withUsed(used);
  }

  /** A pointer to a table: valid entries in that table. */
  @Inline
  public int used() {
    return (int) Bits.get(bits, 11, 2);
  }

  /** See {@link #used}. */
  @Inline
  public Stage2Descriptor withUsed(int used) {
    return with(11, 2, used);
  }

  /** A block of ordinary memory at address 0 that the guest may execute. */
  @Inline
  public static Stage2Descriptor normal(boolean writable) {
    return new Stage2Descriptor(1)
        .with(5, 2, NORMAL_WRITE_BACK)
        .with(7, 6, writable ? READ_WRITE : READ)
        .with(9, 8, 3) // SH: inner shareable
        .with(10, 10, 1); // AF
  }

  /** A block of device memory at address 0: read and write, never execute. */
  @Inline
  public static Stage2Descriptor device() {
    return new Stage2Descriptor(1)
        .with(5, 2, DEVICE_NGNRE)
        .with(7, 6, READ_WRITE)
        .with(10, 10, 1)
        .executeNever();
  }

  /** XN [54:53] = 0b10: at no exception level. */
  @Inline
  public Stage2Descriptor executeNever() {
    return with(54, 53, 2);
  }

  /** The same rights as a level 3 entry, whose bit 1 is set. */
  @Inline
  public Stage2Descriptor asPage() {
    return with(1, 1, 1);
  }

  /** The same rights as a block of level 1 or 2. */
  @Inline
  public Stage2Descriptor asBlock() {
    return with(1, 1, 0);
  }

  /** The same rights for the memory at this physical address, aligned to the level's size. */
  @Inline
  public Stage2Descriptor at(long physicalAddress) {
    return with(47, 12, physicalAddress >>> 12);
  }

  /** Bits [58:55] are software's: what the hypervisor knows of the mapping. */
  @Inline
  public Stage2Descriptor withType(int type) {
    return with(58, 55, type);
  }

  /** See {@link #withType}. */
  @Inline
  public int type() {
    return (int) Bits.get(bits, 58, 55);
  }

  @Inline
  public boolean isValid() {
    return Bits.isSet(bits, 0);
  }

  /** At levels 1 and 2: points at a table. At level 3 every valid entry has this form. */
  @Inline
  public boolean isTable() {
    return Bits.get(bits, 1, 0) == TABLE;
  }

  /** S2AP[1]: the guest may write. */
  @Inline
  public boolean isWritable() {
    return Bits.isSet(bits, 7);
  }

  /** XN: the guest may not execute. */
  @Inline
  public boolean isExecuteNever() {
    return Bits.isSet(bits, 54);
  }

  /** Physical address of the table, block or page. */
  @Inline
  public long address() {
    return Bits.get(bits, 47, 12) << 12;
  }

  @Inline
  private Stage2Descriptor with(int hi, int lo, long value) {
    return new Stage2Descriptor(Bits.put(bits, hi, lo, value));
  }
}
