package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PartitionTableTest {
  private static final long MIB = 1 << 20;

  private final PartitionTable table = new PartitionTable(64 * MIB, 512 * MIB);
  private final ByteBuffer sector = ByteBuffer.wrap(table.bytes()).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void isOneSectorThatFirmwareRecognises() {
    assertEquals(512, sector.capacity());
    assertEquals((short) 0xaa55, sector.getShort(510));
  }

  @Test
  void putsAFatFirst() {
    assertEquals((byte) 0x80, sector.get(446));
    assertEquals(0x0c, sector.get(450));
    assertEquals(2048, sector.getInt(454));
    assertEquals(64 * 2048, sector.getInt(458));
  }

  @Test
  void putsTheRootBehindIt() {
    assertEquals((byte) 0x83, sector.get(466));
    assertEquals(65 * 2048, sector.getInt(470));
    assertEquals(512 * 2048, sector.getInt(474));
    assertEquals(65 * MIB, table.rootStart());
    assertEquals(577 * MIB, table.diskBytes());
  }

  @Test
  void wantsWholeMebibytes() {
    assertThrows(IllegalArgumentException.class, () -> new PartitionTable(MIB + 512, MIB));
  }
}
