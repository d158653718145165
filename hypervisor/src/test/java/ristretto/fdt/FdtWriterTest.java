package ristretto.fdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.lang.BootException;

class FdtWriterTest {
  private static final int ROOM = 0x10_0000;

  @Test
  void writesWhatTheReaderReads() {
    new StrictMemory(new byte[4096])
        .run(() -> {
          FdtWriter writer = new FdtWriter(StrictMemory.BASE, 4096, null);
          writer.reserve(0x8000_0000L, 0x1000);
          writer.beginNode("");
          writer.property("#address-cells").cell(2);
          writer.property("empty");
          writer.beginNode("memory", 0x8_8000_0000L);
          writer.property("device_type").string("memory");
          writer.property("reg").number(0x8_8000_0000L, 2).number(0x4000_0000L, 2);
          writer.property("names").string("a").string("bc");
          writer.endNode();
          writer.endNode();
          int size = writer.finish();
          assertTrue(size < 400, "size " + size);
          Fdt tree = Fdt.open(StrictMemory.BASE);
          assertEquals(0x8000_0000L, tree.reservationAddress(0));
          assertTrue(tree.has(tree.root(), "empty"));
          FdtNode memory = tree.child(tree.root(), "memory@880000000");
          assertEquals("memory", FdtValues.string(tree, memory, "device_type").toString());
          FdtProperty reg = tree.property(memory, "reg");
          assertEquals(0x8_8000_0000L, FdtValues.number(tree, memory, reg, 0, 2));
          assertEquals(0x4000_0000L, FdtValues.number(tree, memory, reg, 2, 2));
          assertTrue(FdtValues.listHas(tree, memory, "names", "bc"));
          assertFalse(FdtValues.listHas(tree, memory, "names", "b"));
        });
  }

  @Test
  void refusesToOverflow() {
    BootException e =
        assertThrows(
            BootException.class,
            () ->
                new StrictMemory(new byte[4096])
                    .run(() -> {
                      FdtWriter writer = new FdtWriter(StrictMemory.BASE, 4096, null);
                      writer.beginNode("");
                      while (true) {
                        writer.beginNode("again");
                        writer.endNode();
                      }
                    }));
    assertEquals("the new device tree does not fit into its 4096 bytes", e.getMessage());
  }

  @Test
  void refusesAnUnfinishedTree() {
    new StrictMemory(new byte[4096])
        .run(() -> {
          FdtWriter writer = new FdtWriter(StrictMemory.BASE, 4096, null);
          writer.beginNode("");
          assertThrows(BootException.class, writer::finish);
        });
  }

  @Test
  void copiesTheTreesOfQemu() {
    assertCopies(DeviceTreeCompiler.ofQemu("virt,virtualization=on,gic-version=3", "-smp", "4"));
    assertCopies(
        DeviceTreeCompiler.ofQemu("virt,virtualization=on,gic-version=2,iommu=smmuv3", "-m", "8G"));
  }

  /** The boards as Linux describes them, where somebody has put them beside the checkout. */
  @Test
  void copiesTheTreesOfTheBoards() throws IOException {
    List<Path> boards = DeviceTreeCompiler.boards();
    assumeFalse(boards.isEmpty(), "no board trees beside the checkout");
    for (Path file : boards) {
      assertCopies(DeviceTreeCompiler.compile(Files.readString(file)));
    }
  }

  /** dtc sees no difference between a tree and its copy, made with and without its names. */
  private static void assertCopies(byte[] blob) {
    byte[] content = Arrays.copyOf(blob, ROOM * 2);
    StrictMemory memory = new StrictMemory(content);
    for (boolean template : new boolean[] {true, false}) {
      int size =
          memory.call(() -> {
            Fdt tree = Fdt.open(StrictMemory.BASE);
            return copy(tree, new FdtWriter(target(), ROOM, template ? tree : null));
          });
      String expected = DeviceTreeCompiler.decompile(blob);
      assertEquals(expected, DeviceTreeCompiler.decompile(memory.read(target(), size)));
    }
  }

  private static long target() {
    return StrictMemory.BASE + ROOM;
  }

  private static int copy(Fdt tree, FdtWriter writer) {
    for (int i = 0; tree.reservationSize(i) != 0; i++) {
      writer.reserve(tree.reservationAddress(i), tree.reservationSize(i));
    }
    FdtNode at = tree.root();
    FdtNode open = FdtNode.none();
    while (at.exists()) {
      while (open.exists() && !tree.isWithin(at, open)) {
        writer.endNode();
        open = tree.parent(open);
      }
      writer.beginNode(tree.name(at));
      for (FdtProperty p = tree.firstProperty(at); p.exists(); p = tree.nextProperty(p)) {
        writer.copy(tree, p);
      }
      open = at;
      at = tree.next(at);
    }
    while (open.exists()) {
      writer.endNode();
      open = tree.parent(open);
    }
    return writer.finish();
  }
}
