package ristretto.tools.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A master boot record with two primary partitions, as on an SD card: a FAT for the boot loader and
 * a Linux root. UEFI Specification, "Legacy Master Boot Record (MBR)".
 */
public record PartitionTable(long bootBytes, long rootBytes) {
  public static final int SECTOR = 512;
  private static final long MIB = 1 << 20;

  /**
   * Where the first partition starts: a whole mebibyte, the alignment that cards and tools expect.
   */
  public static final long BOOT_START = MIB;

  /** Sectors have numbers of 32 bits in the table. */
  public static final long MOST_BYTES = SECTOR * (1L << Integer.SIZE);

  private static final int TABLE = 446;
  private static final int SIGNATURE = 440;
  private static final byte BOOTABLE = (byte) 0x80;
  private static final byte TYPE_FAT32_LBA = 0x0c;
  private static final byte TYPE_LINUX = (byte) 0x83;

  public PartitionTable {
    if (bootBytes % MIB != 0 || rootBytes % MIB != 0) {
      throw new IllegalArgumentException("partitions are whole mebibytes");
    }
    if (BOOT_START + bootBytes + rootBytes > MOST_BYTES) {
      throw new IllegalArgumentException("the table ends at 2 TiB");
    }
  }

  public long rootStart() {
    return BOOT_START + bootBytes;
  }

  public long diskBytes() {
    return rootStart() + rootBytes;
  }

  /** The first sector of the disk. */
  public byte[] bytes() {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    sector.putInt(SIGNATURE, 0x52495354); // any number that is not 0 names the disk
    partition(sector, TABLE, BOOTABLE, TYPE_FAT32_LBA, BOOT_START, bootBytes);
    partition(sector, TABLE + 16, (byte) 0, TYPE_LINUX, rootStart(), rootBytes);
    sector.put(510, (byte) 0x55).put(511, (byte) 0xaa);
    return sector.array();
  }

  private static void partition(
      ByteBuffer sector, int at, byte status, byte type, long start, long bytes) {
    sector.put(at, status).put(at + 4, type);
    // The cylinder, head and sector numbers are beyond their range: all ones says "see the LBA".
    for (int chs : new int[] {at + 1, at + 5}) {
      sector.put(chs, (byte) 0xfe).put(chs + 1, (byte) 0xff).put(chs + 2, (byte) 0xff);
    }
    sector.putInt(at + 8, (int) (start / SECTOR));
    sector.putInt(at + 12, (int) (bytes / SECTOR));
  }
}
