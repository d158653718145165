package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * Translation table entry of EL2's own stage 1, 4 KB granule, 48-bit output address. Arm ARM DDI
 * 0487, "VMSAv8-64 descriptor formats". Levels count from 0 (512 GiB an entry) to 3 (4 KiB).
 */
@Unboxed
@AssemblyConstants
public record Stage1Descriptor(long bits) {
  /** A page of code at level 3: read and execute. The output address is 0. */
  public static final long TEXT_PAGE = normal().readOnly().asPage().bits;

  /** A page of constants at level 3: read. */
  public static final long RODATA_PAGE = normal().readOnly().executeNever().asPage().bits;

  /** A page of data at level 3: read and write. */
  public static final long DATA_PAGE = normal().executeNever().asPage().bits;

  /** A block of code at level 2: read and execute. */
  public static final long TEXT_BLOCK = normal().readOnly().bits;

  /** A block of constants at level 2: read. */
  public static final long RODATA_BLOCK = normal().readOnly().executeNever().bits;

  /** A block of device memory at level 2: read and write. */
  public static final long DEVICE_BLOCK = device().bits;

  /** Type of an entry that points at the next level's table. */
  public static final long TABLE = 3;

  /** An entry that translates nothing. */
  public static final Stage1Descriptor INVALID = new Stage1Descriptor(0);

  /** Points at the table of the next level, at this physical address. */
  @Inline
  public static Stage1Descriptor table(long physicalAddress) {
    return new Stage1Descriptor(physicalAddress | TABLE);
  }

  /** A block of ordinary memory, readable, writable and executable, at address 0. */
  @Inline
  public static Stage1Descriptor normal() {
    return block(MairEl2.NORMAL).withField(9, 8, 3); // SH: inner shareable
  }

  /** A block of device memory, nGnRE, readable and writable, never executable, at address 0. */
  @Inline
  public static Stage1Descriptor device() {
    return block(MairEl2.DEVICE).executeNever();
  }

  /** Valid, AttrIndx [4:2], AP[1] which is RES1 where there is no EL0, AF. */
  private static Stage1Descriptor block(int attributeIndex) {
    return new Stage1Descriptor(1)
        .withField(4, 2, attributeIndex)
        .withField(6, 6, 1)
        .withField(10, 10, 1);
  }

  /** AP[2], bit 7: no writes. */
  @Inline
  public Stage1Descriptor readOnly() {
    return withField(7, 7, 1);
  }

  /** XN, bit 54. */
  @Inline
  public Stage1Descriptor executeNever() {
    return withField(54, 54, 1);
  }

  /** The same rights as a level 3 entry, whose bit 1 is set. */
  @Inline
  public Stage1Descriptor asPage() {
    return withField(1, 1, 1);
  }

  /** The same rights for the memory at this physical address, aligned to the level's size. */
  @Inline
  public Stage1Descriptor at(long physicalAddress) {
    return withField(47, 12, physicalAddress >>> 12);
  }

  @Inline
  public boolean isValid() {
    return Bits.isSet(bits, 0);
  }

  /** At levels 0 to 2: points at a table. At level 3 every valid entry has this form. */
  @Inline
  public boolean isTable() {
    return Bits.get(bits, 1, 0) == TABLE;
  }

  /** Physical address of the table, block or page. */
  @Inline
  public long address() {
    return Bits.get(bits, 47, 12) << 12;
  }

  @Inline
  private Stage1Descriptor withField(int hi, int lo, long value) {
    return new Stage1Descriptor(Bits.put(bits, hi, lo, value));
  }
}
