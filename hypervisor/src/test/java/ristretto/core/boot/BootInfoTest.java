package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.driver.uart.UartKind;
import ristretto.fdt.DeviceTreeCompiler;
import ristretto.fdt.StrictMemory;
import ristretto.fdt.TreeSource;
import ristretto.lang.BootException;

class BootInfoTest {
  private static final long IMAGE_SIZE = 0x20_0000;
  private static final int ROOM = 0x20_0000;

  private static void read(byte[] tree, long image, long mpidr, Consumer<BootInfo> check) {
    new StrictMemory(tree, ROOM)
        .run(() -> {
          LoaderTree loader = new LoaderTree(StrictMemory.BASE);
          check.accept(new BootInfo(loader, image, IMAGE_SIZE, mpidr));
        });
  }

  /** The tree is at 0x48000000, so RAM has to be there: the board's own places are kept as well. */
  static byte[] agilex5(String chosen) {
    return TreeSource.compile(
        Boards.agilex5(chosen)
            .replace(
                "device_type = \"memory\"; reg = <",
                "device_type = \"memory\"; reg = <0 0x48000000 0 0x200000 "));
  }

  private static byte[] agilex7(String chosen) {
    return TreeSource.compile(Boards.agilex7(chosen));
  }

  private static List<String> reports(BootInfo info) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < info.reports.count(); i++) {
      lines.add(info.reports.get(i).toString());
    }
    return lines;
  }

  @Test
  void readsAgilex5() {
    read(
        agilex5(Boards.AGILEX5_CHOSEN),
        0x8a00_0000L,
        0x8100_0200L,
        info -> {
          assertEquals(4, info.cpus.length);
          assertEquals(0x200, info.cpus[0].mpidr);
          assertEquals(0x300, info.cpus[1].mpidr);
          assertEquals(0x100, info.cpus[3].mpidr);
          assertEquals(3, info.gic.version);
          assertEquals(25, info.gic.maintenance);
          assertEquals(0x2_0000, info.gic.redistributorStride);
          assertEquals(0x1d06_0000L, info.gic.redistributors[0]);
          assertEquals(26, info.timer.hypervisor);
          assertEquals(27, info.timer.virtual);
          UartInfo uart = info.uart;
          assertNotNull(uart);
          assertEquals(UartKind.DESIGNWARE, uart.kind);
          assertEquals(0x10c0_2000L, uart.base);
          assertEquals(4, uart.registerWidth);
          assertEquals(140, uart.interrupt.intid());
          assertFalse(uart.interrupt.isEdge());
          assertEquals(0x8400_0000L, info.kernel.base);
          assertEquals(0x240_0000L, info.kernel.size);
          BootModule ramdisk = info.ramdisk;
          assertNotNull(ramdisk);
          assertEquals(0x8b00_0000L, ramdisk.base);
          assertEquals(2048L << 20, info.commandLine.dom0Memory());
          assertEquals("console=hvc0 root=/dev/mmcblk0p2", info.chosen.dom0Arguments().toString());
          assertTrue(info.psci.usable);
          assertTrue(info.memory.reserved.contains(0x8000_0000L, 0x200_0000));
          assertEquals((8L << 30) + 0x20_0000, info.memory.ram.total());
          RangeList free = info.freeMemory();
          assertFalse(free.overlaps(0x8000_0000L, 0x200_0000));
          assertFalse(free.overlaps(0x8a00_0000L, IMAGE_SIZE));
          assertTrue(free.contains(0x8200_0000L, 0x200_0000));
          assertEquals(
              List.of(
                  "device tree: /interrupt-controller@1d000000: interrupts: a PPI above 15 can"
                      + " only be an INTID; taken as that"),
              reports(info));
        });
  }

  @Test
  void readsAgilex7() {
    read(
        agilex7(Boards.AGILEX7_CHOSEN),
        0xa00_0000L,
        0x8000_0000L,
        info -> {
          assertEquals(2, info.gic.version);
          assertEquals(0xfffc_4000L, info.gic.virtualControl);
          assertEquals(0xfffc_6000L, info.gic.virtualCpuInterface);
          assertEquals(25, info.gic.maintenance);
          assertEquals("console=hvc0", info.chosen.dom0Arguments().toString());
          assertEquals(0x300_0000L, info.kernel.base);
          assertEquals(List.of(), reports(info));
        });
  }

  @Test
  void readsWhatQemuMakes() {
    byte[] tree =
        DeviceTreeCompiler.ofQemu("virt,virtualization=on,gic-version=3", "-m", "1G", "-smp", "4");
    LoaderTree[] seen = new LoaderTree[1];
    new StrictMemory(tree)
        .run(() -> {
          LoaderTree loader = new LoaderTree(StrictMemory.BASE);
          seen[0] = loader;
          UartInfo uart = loader.uart;
          assertNotNull(uart);
          assertEquals(UartKind.PL011, uart.kind);
          assertEquals(33, uart.interrupt.intid());
          BootException e =
              assertThrows(
                  BootException.class, () -> new BootInfo(loader, 0x4020_0000L, 0x1000, 0));
          assertTrue(e.getMessage().contains("no kernel for Dom0"), e.getMessage());
        });
    assertNotNull(seen[0]);
  }

  @Test
  void fallsBackToTheConsoleThatTheTreeNames() {
    read(
        agilex7(Boards.AGILEX7_CHOSEN.replace("dtuart=serial0", "dtuart=serial7")),
        0xa00_0000L,
        0,
        info -> {
          assertNotNull(info.uart);
          assertEquals(
              List.of("no console there: the device tree has no 'serial7'"), reports(info));
        });
  }

  @Test
  void readsModulesThatDoNotSayWhatTheyAre() {
    read(
        agilex7(
            """
            bootargs = "dom0_mem=64M";
            module@3000000 { compatible = "multiboot,module"; reg = <0 0x3000000 0 0x2000000>; bootargs = "k"; };
            module@b000000 { compatible = "multiboot,module"; reg = <0 0xb000000 0 0x1000000>; };
            module@d000000 { compatible = "multiboot,module"; reg = <0 0xd000000 0 0x1000>; };
            """),
        0xa00_0000L,
        0,
        info -> {
          assertEquals(0x300_0000L, info.kernel.base);
          BootModule ramdisk = info.ramdisk;
          assertNotNull(ramdisk);
          assertEquals(0xb00_0000L, ramdisk.base);
          assertEquals("k", info.chosen.dom0Arguments().toString());
          assertEquals(64L << 20, info.commandLine.dom0Memory());
          assertTrue(
              reports(info).getFirst().contains("/chosen/module@d000000: module of unknown"));
        });
  }

  @Test
  void takesLinuxsRamdisk() {
    read(
        agilex7(
            """
            linux,initrd-start = <0x10000000>;
            linux,initrd-end = <0 0x11000000>;
            xen,dom0-bootargs = "d";
            bootargs = "console=none";
            any { compatible = "multiboot,kernel", "multiboot,module"; reg = <0 0x3000000 0 0x2000000>; };
            """),
        0xa00_0000L,
        0,
        info -> {
          BootModule ramdisk = info.ramdisk;
          assertNotNull(ramdisk);
          assertEquals(0x1000_0000L, ramdisk.base);
          assertEquals(0x100_0000L, ramdisk.size);
          assertEquals("d", info.chosen.dom0Arguments().toString());
          assertNull(info.uart);
        });
  }

  private static void refused(String chosen, String expected) {
    BootException e =
        assertThrows(BootException.class, () -> read(agilex7(chosen), 0xa00_0000L, 0, info -> {}));
    assertEquals(expected, e.getMessage());
  }

  private static String kernel(String reg) {
    return "k { compatible = \"multiboot,kernel\", \"multiboot,module\"; reg = <" + reg + ">; };";
  }

  private static String ramdisk(String reg) {
    return "r { compatible = \"multiboot,ramdisk\", \"multiboot,module\"; reg = <" + reg + ">; };";
  }

  @Test
  void namesTheModuleThatIsWrong() {
    refused(
        "#address-cells = <1>;" + kernel("0 0x3000000 0 0x2000000"),
        "device tree: /chosen/k: reg does not have the size that #address-cells and #size-cells of"
            + " /chosen give it");
    refused(
        kernel("0 0x90000000 0 0x2000000"),
        "device tree: /chosen/k: Dom0's kernel (0x2000000 bytes at 0x90000000) is not in RAM");
    refused(
        kernel("0 0x9f00000 0 0x200000"),
        "device tree: /chosen/k: Dom0's kernel (0x200000 bytes at 0x9f00000) overlaps the"
            + " hypervisor");
    refused(
        kernel("0 0x3000000 0 0x2000000") + ramdisk("0 0x4ffffff 0 0x100000"),
        "device tree: /chosen/r: Dom0's ramdisk (0x100000 bytes at 0x4ffffff) overlaps Dom0's"
            + " kernel");
    refused(
        kernel("0 0x1000000 0 0x2000000"),
        "device tree: /chosen/k: Dom0's kernel (0x2000000 bytes at 0x1000000) overlaps reserved"
            + " memory");
    refused(
        kernel("0 0x48000000 0 0x1000"),
        "device tree: /chosen/k: Dom0's kernel (0x1000 bytes at 0x48000000) overlaps the device"
            + " tree");
    refused(
        kernel("0xffffffff 0xffff0000 0 0x1000"),
        "device tree: /chosen/k: reg: a module cannot have this address and size");
    refused(
        kernel("0 0x3000000 0 0x2000000") + kernel("0 1 0 1"),
        "device tree: /chosen/k: a second kernel or ramdisk for Dom0");
    refused(
        "",
        "device tree: /chosen: no kernel for Dom0: no node is compatible with multiboot,kernel");
  }

  @Test
  void countsCpusLikeTheBootCpuFirst() {
    read(
        agilex5(Boards.AGILEX5_CHOSEN.replace("dom0_max_vcpus=2", "")),
        0x8a00_0000L,
        0x200,
        info -> {
          assertEquals(4, info.cpusToUse());
          assertEquals(2, info.cpusOfBootClass());
          assertArrayEquals(
              new long[] {0x200, 0x300, 0, 0x100},
              Arrays.stream(info.cpus).mapToLong(cpu -> cpu.mpidr).toArray());
        });
  }

  @Test
  void refusesAnUnknownBootCpu() {
    BootException e =
        assertThrows(
            BootException.class,
            () -> read(agilex7(Boards.AGILEX7_CHOSEN), 0xa00_0000L, 0x7, info -> {}));
    assertEquals(
        "device tree: /cpus does not have the CPU that runs this, MPIDR 0x7", e.getMessage());
  }

  /** Whatever is wrong with a tree, there is an answer and never a crash. */
  @Test
  void survivesMutation() {
    byte[] tree = agilex5(Boards.AGILEX5_CHOSEN);
    long seed = Long.getLong("ristretto.seed", 24);
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 2_000; round++) {
      byte[] damaged = tree.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        damaged[40 + random.nextInt(damaged.length - 40)] =
            (byte) (random.nextBoolean() ? random.nextInt(16) : random.nextInt());
      }
      try {
        read(damaged, 0x8a00_0000L, 0x200, BootInfo::freeMemory);
        accepted++;
      } catch (BootException e) {
        assertFalse(e.getMessage().isEmpty());
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
    assertTrue(accepted > 100, "accepted " + accepted);
  }
}
