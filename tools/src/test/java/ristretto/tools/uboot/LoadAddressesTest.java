package ristretto.tools.uboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadAddressesTest {
  private static final long BASE = 0x4400_0000L;
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @ValueSource(longs = {1, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 37_660_608, 64 * MIB})
  void nothingOverlaps(long bytes) {
    LoadAddresses at = LoadAddresses.from(BASE, bytes, bytes);
    assertTrue(at.deviceTree() >= BASE);
    assertTrue(at.hypervisor() >= at.deviceTree() + 0x10_0000);
    assertTrue(at.kernel() >= at.hypervisor() + LoadAddresses.HYPERVISOR_SLOT);
    assertTrue(at.ramdisk() >= at.kernel() + bytes);
    assertTrue(at.end() >= at.ramdisk() + bytes);
  }

  @Test
  void everythingIsOnATwoMebibyteBoundary() {
    LoadAddresses at = LoadAddresses.from(BASE + 1, 12345, 6789);
    for (long address :
        new long[] {at.deviceTree(), at.hypervisor(), at.kernel(), at.ramdisk(), at.end()}) {
      assertEquals(0, address % (2 * MIB));
    }
  }
}
