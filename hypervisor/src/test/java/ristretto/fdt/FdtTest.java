package ristretto.fdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;

class FdtTest {
  private static final String BOARD =
      """
      /dts-v1/;
      /memreserve/ 0x80000000 0x2000000;
      / {
        #address-cells = <2>;
        #size-cells = <2>;
        interrupt-parent = <&gic>;
        aliases { serial0 = "/soc@0/serial@2000"; bad = "serial0"; };
        chosen { stdout-path = "serial0:115200n8"; };
        gic: interrupt-controller@1d000000 {
          compatible = "arm,gic-v3";
          #interrupt-cells = <3>;
          interrupt-controller;
          reg = <0 0x1d000000 0 0x10000 0 0x1d060000 0 0x100000>;
        };
        soc@0 {
          compatible = "simple-bus";
          #address-cells = <1>;
          #size-cells = <1>;
          ranges = <0 0 0x10c00000 0x10000>, <0x80000000 1 0 0x1000>;
          serial@2000 {
            compatible = "snps,dw-apb-uart", "ns16550a";
            reg = <0x2000 0x100>;
            interrupts = <0 108 4>;
            status = "okay";
          };
          far@80000010 { reg = <0x80000010 0x10>; status = "disabled"; };
          nowhere@70000000 { reg = <0x70000000 0x10>; };
          i2c@3000 {
            #address-cells = <1>;
            #size-cells = <0>;
            reg = <0x3000 0x100>;
            interrupts-extended = <&gic 1 9 4>, <&gic 0 5 1>;
            eeprom@50 { reg = <0x50>; };
          };
        };
      };
      """;

  private static void on(byte[] blob, Consumer<Fdt> body) {
    // A tree may say that it is longer than it is; how much memory there is, it cannot know.
    int claimed = ByteBuffer.wrap(blob).getInt(4);
    int size = claimed <= FdtHeader.MAX_SIZE ? Math.max(claimed, blob.length) : blob.length;
    new StrictMemory(blob, size).run(() -> body.accept(Fdt.open(StrictMemory.BASE)));
  }

  private static FdtNode at(Fdt tree, String path) {
    FdtNode node = tree.root();
    for (String name : path.split("/", -1)) {
      node = name.isEmpty() ? node : tree.child(node, name);
    }
    return node;
  }

  @Test
  void navigates() {
    on(
        TreeSource.compile(BOARD),
        tree -> {
          FdtNode serial = at(tree, "soc/serial");
          assertEquals("serial@2000", tree.name(serial).toString());
          assertTrue(tree.parent(serial).is(at(tree, "soc@0")));
          assertTrue(tree.isWithin(serial, tree.root()));
          assertFalse(tree.isWithin(at(tree, "chosen"), at(tree, "soc")));
          assertFalse(at(tree, "so").exists());
          assertFalse(tree.afterSubtree(tree.root()).exists());
          assertEquals(
              "/soc@0/i2c@3000/eeprom@50",
              tree.path(new BootMessage(), at(tree, "soc/i2c/eeprom")).toString());
        });
  }

  @Test
  void followsAliasesAndStandardOutput() {
    on(
        TreeSource.compile(BOARD),
        tree -> {
          Text path = FdtValues.string(tree, at(tree, "chosen"), "stdout-path");
          assertTrue(FdtPaths.find(tree, path).is(at(tree, "soc/serial")));
          assertEquals("115200n8", FdtPaths.options(path).toString());
        });
  }

  @Test
  void translatesAddressesThroughBuses() {
    on(
        TreeSource.compile(BOARD),
        tree -> {
          assertEquals(0x10c0_2000L, FdtRegisters.address(tree, at(tree, "soc/serial"), 0));
          assertEquals(0x100, FdtRegisters.size(tree, at(tree, "soc/serial"), 0));
          assertEquals(0x1_0000_0010L, FdtRegisters.address(tree, at(tree, "soc/far"), 0));
          assertEquals(-1, FdtRegisters.address(tree, at(tree, "soc/nowhere"), 0));
          assertEquals(-1, FdtRegisters.address(tree, at(tree, "soc/i2c/eeprom"), 0));
          assertEquals(0, FdtRegisters.size(tree, at(tree, "soc/i2c/eeprom"), 0));
          assertEquals(2, FdtRegisters.count(tree, at(tree, "interrupt-controller")));
          assertThrows(
              BootException.class,
              () -> FdtRegisters.address(tree, at(tree, "interrupt-controller"), 2));
        });
  }

  @Test
  void findsInterruptsOfBothForms() {
    on(
        TreeSource.compile(BOARD),
        tree -> {
          FdtInterrupts interrupts = new FdtInterrupts(tree);
          assertTrue(interrupts.find(at(tree, "soc/serial"), 0));
          assertTrue(interrupts.controller().is(at(tree, "interrupt-controller")));
          assertEquals(108, interrupts.cell(1));
          assertFalse(interrupts.find(at(tree, "soc/serial"), 1));
          assertTrue(interrupts.find(at(tree, "soc/i2c"), 1));
          assertEquals(5, interrupts.cell(1));
          assertFalse(interrupts.find(at(tree, "soc/i2c"), 2));
          assertFalse(interrupts.find(at(tree, "chosen"), 0));
        });
  }

  @Test
  void matchesWholeStringsOfAList() {
    on(
        TreeSource.compile(BOARD),
        tree -> {
          FdtNode serial = at(tree, "soc/serial");
          assertTrue(FdtValues.isCompatible(tree, serial, "snps,dw-apb-uart"));
          assertTrue(FdtValues.isCompatible(tree, serial, "ns16550a"));
          assertFalse(FdtValues.isCompatible(tree, serial, "ns16550"));
          assertFalse(FdtValues.isCompatible(tree, serial, "dw-apb-uart"));
          assertFalse(FdtValues.isEnabled(tree, at(tree, "soc/far")));
          assertTrue(FdtValues.isEnabled(tree, serial));
          assertEquals(0x8000_0000L, tree.reservationAddress(0));
          assertEquals(0x200_0000L, tree.reservationSize(0));
          assertEquals(0, tree.reservationSize(1));
        });
  }

  @Test
  void namesTheNodeInAComplaint() {
    byte[] blob =
        TreeSource.compile("/dts-v1/; / { a { #address-cells = <9>; b { reg = <1 2 3>; }; }; };");
    on(
        blob,
        tree -> {
          BootException e =
              assertThrows(BootException.class, () -> FdtRegisters.count(tree, at(tree, "a/b")));
          assertEquals("device tree: /a: #address-cells or #size-cells is above 4", e.getMessage());
        });
  }

  @Test
  void refusesWhatIsNoTree() {
    byte[] blob = TreeSource.compile(BOARD);
    assertRefused(new byte[64], "magic");
    byte[] cut = Arrays.copyOf(blob, blob.length);
    cut[5] = 0x7f;
    assertRefused(cut, "total size");
    byte[] old = Arrays.copyOf(blob, blob.length);
    old[23] = 16;
    assertRefused(old, "version");
    byte[] shifted = Arrays.copyOf(blob, blob.length);
    shifted[11]++;
    assertRefused(shifted, "structure block");
  }

  private static void assertRefused(byte[] blob, String word) {
    BootException e = assertThrows(BootException.class, () -> on(blob, tree -> {}));
    assertTrue(e.getMessage().contains(word), e.getMessage());
  }

  @Test
  void refusesTooManyLevels() {
    StringBuilder source = new StringBuilder("/dts-v1/; / {");
    source.repeat("a {", 40).repeat("};", 40).append("};");
    assertRefused(TreeSource.compile(source.toString()), "too deep");
  }

  /** Damaged trees are refused or read, and reading never leaves them. */
  @Test
  void survivesMutation() {
    byte[] blob = TreeSource.compile(BOARD);
    long seed = Long.getLong("ristretto.seed", 20_261_122L);
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 8_000; round++) {
      byte[] damaged = blob.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(random.nextBoolean() ? damaged.length : 400);
        damaged[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(10) : random.nextInt());
      }
      try {
        on(damaged, FdtTest::readEverything);
        accepted++;
      } catch (BootException e) {
        assertFalse(e.getMessage().isEmpty());
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
    assertTrue(accepted > 500, "most damage is to values: " + accepted);
  }

  static void readEverything(Fdt tree) {
    FdtInterrupts interrupts = new FdtInterrupts(tree);
    for (FdtNode node = tree.root(); node.exists(); node = tree.next(node)) {
      assertNotNull(tree.name(node).toString());
      for (FdtProperty at = tree.firstProperty(node); at.exists(); at = tree.nextProperty(at)) {
        assertNotNull(tree.name(at).toString());
        FdtValues.listHas(tree, node, "compatible", "ns16550a");
      }
      read(tree, interrupts, node);
    }
    FdtNode chosen = tree.child(tree.root(), "chosen");
    if (chosen.exists()) {
      FdtPaths.find(tree, FdtValues.string(tree, chosen, "stdout-path"));
    }
    for (int i = 0; tree.reservationSize(i) != 0; i++) {
      tree.reservationAddress(i);
    }
  }

  private static void read(Fdt tree, FdtInterrupts interrupts, FdtNode node) {
    try {
      for (int i = 0; i < FdtRegisters.count(tree, node); i++) {
        FdtRegisters.address(tree, node, i);
        FdtRegisters.size(tree, node, i);
      }
      for (int i = 0; i < FdtRegisters.rangeCount(tree, node); i++) {
        FdtRegisters.rangeAddress(tree, node, i);
        FdtRegisters.rangeSize(tree, node, i);
      }
      for (int i = 0; interrupts.find(node, i); i++) {
        interrupts.cell(0);
      }
    } catch (BootException e) {
      // A node that is wrong by itself; the others still have to be readable.
    }
  }
}
