package ristretto.sim;

import ristretto.vdev.MmioDevice;

/**
 * The identification registers of an SMMU that is off: enough to tell that there is one and which.
 * Everything else reads as zero, and writes are ignored. Arm IHI 0070 (version 3), IHI 0062
 * (version 2).
 */
final class SmmuIdentity implements MmioDevice {
  private static final int V3_IDR0 = 0x0;
  private static final int V3_IDR1 = 0x4;
  private static final int V3_IDR5 = 0x14;
  private static final int V3_IIDR = 0x18;
  private static final int V3_AIDR = 0x1c;
  private static final int V2_IDR0 = 0x20;
  private static final int V2_IDR1 = 0x24;
  private static final int V2_IDR7 = 0x3c;

  private final int version;

  /** {@code version} is 2 or 3. */
  SmmuIdentity(int version) {
    this.version = version;
  }

  @Override
  public long read(int offset, int size) {
    return version == 3 ? version3(offset) : version2(offset);
  }

  private static long version3(int offset) {
    return switch (offset) {
      case V3_IDR0 -> 0x2b; // S2P, S1P, AArch64 tables; coherent; 16-bit VMIDs
      case V3_IDR1 -> 0x0a94_0010; // 32-entry-power queues, 16 bits of StreamID
      case V3_IDR5 -> 0x12; // 4 KiB granule, 40 bits out
      case V3_IIDR -> 0x4830_143b; // MMU-600
      case V3_AIDR -> 1; // SMMUv3.1
      default -> 0;
    };
  }

  private static long version2(int offset) {
    return switch (offset) {
      case V2_IDR0 -> 0x7c01_f87fL & ~(0xffL << 9); // both stages, nesting; 127 stream matches
      case V2_IDR1 -> 0x3000_f020L; // 64 KiB pages, 32 context banks
      case V2_IDR7 -> 0x21; // r2p1
      default -> 0;
    };
  }

  @Override
  public void write(int offset, int size, long value) {
    // Off, and stays so.
  }
}
