package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.BootScripts;
import ristretto.tools.uboot.MemoryPlan.Range;

/** What the scripts of a board's card load, and the FPGA's configuration among it. */
class CardMemoryTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;

  private SdCard card(String board, long fabricMib) throws IOException {
    Path kernel = Files.write(directory.resolve("Image"), KernelFileTest.image(8));
    Path fabric = sized("ghrd.core.rbf", fabricMib);
    Path ramdisk = sized("initramfs", 30);
    CardContents contents =
        new CardContents(kernel, ramdisk, kernel, fabric, kernel, List.of(), directory, "4.20");
    return new SdCard(CardTarget.named(board, null), contents);
  }

  private Path sized(String name, long mib) throws IOException {
    Path file = directory.resolve(name);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(mib * MIB); // sparse
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"agilex3", "agilex5", "agilex5-modular", "agilex7"})
  void theFpgasConfigurationHasMemoryThatTheSdmReaches(String board) throws IOException {
    for (long mib : new long[] {1, 7, 40}) {
      SdCard card = card(board, mib);
      List<Range> memory = card.memoryMap();
      List<Range> loaded = new ArrayList<>(memory);
      loaded.removeAll(CardTarget.named(board, null).memory().occupied());
      assertEquals(5, loaded.size(), loaded.toString());
      for (Range part : loaded) {
        assertEquals(1, memory.stream().filter(part::overlaps).count(), part + " in " + memory);
      }
      Range fabric =
          memory.stream()
              .filter(range -> range.name().equals("core.rbf"))
              .findFirst()
              .orElseThrow();
      assertEquals(mib * MIB, fabric.bytes());
      Range reach = CardTarget.named(board, null).fabric();
      assertTrue(fabric.start() >= reach.start() && fabric.end() <= reach.end(), fabric.toString());
      BootScripts scripts = new BootScripts(card.setup());
      String load = "fpga load 0 0x" + Long.toHexString(fabric.start()) + " ${filesize}";
      assertTrue(scripts.nativeScript().contains(load));
      assertTrue(scripts.xenScript().contains(load));
    }
  }

  /** Agilex 5's SDM counts 29 bits from the beginning of RAM, and firmware has the first 32 MiB. */
  @Test
  void aConfigurationThatIsTooLargeForTheSdmIsRefused() throws IOException {
    SdCard card = card("agilex5", 481);
    ToolException refusal = assertThrows(ToolException.class, card::memoryMap);
    assertTrue(
        refusal.toString().contains("no room in the SDM's reach for core.rbf: 481 MiB"),
        refusal.toString());
  }
}
