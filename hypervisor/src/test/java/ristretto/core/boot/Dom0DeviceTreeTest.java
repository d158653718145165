package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import ristretto.core.domain.MachineDevices;
import ristretto.fdt.DeviceTreeCompiler;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtRegisters;
import ristretto.fdt.FdtValues;
import ristretto.fdt.StrictMemory;
import ristretto.fdt.TreeSource;
import ristretto.lang.BootException;

class Dom0DeviceTreeTest {
  private static final int ROOM = 0x40_0000;
  private static final long TARGET = StrictMemory.BASE + 0x20_0000;

  /** A kernel that may stay where it is. */
  private static KernelImage kernel(BootModule module) {
    return new KernelImage(module) {
      @Override
      long size() {
        return module.size;
      }

      @Override
      long placeToStay() {
        return module.base;
      }

      @Override
      void load(long where) {}

      @Override
      long entry(long where) {
        return where;
      }
    };
  }

  private static void rewrite(
      byte[] blob, long image, long mpidr, int vcpus, BiConsumer<Fdt, Dom0Devices> check) {
    StrictMemory memory = new StrictMemory(blob, ROOM);
    memory.run(() -> {
      BootInfo info = new BootInfo(new LoaderTree(StrictMemory.BASE), image, 0x20_0000, mpidr);
      RangeList available = info.freeMemory();
      available.add(info.kernel.base, info.kernel.size);
      BootModule ramdisk = info.ramdisk;
      if (ramdisk != null) {
        available.add(ramdisk.base, ramdisk.size);
      }
      Dom0Layout layout =
          new Dom0Layout(
              available,
              kernel(info.kernel),
              ramdisk,
              info.commandLine.dom0Memory(),
              Dom0DeviceTree.capacity(info.tree, vcpus));
      Dom0Regions regions = new Dom0Regions(info, layout.banks);
      NodeRoles roles = new NodeRoles(info);
      int size = new Dom0DeviceTree(info, roles, vcpus, TARGET).write(layout, regions, 16);
      assertTrue(size > 0 && size <= Dom0DeviceTree.capacity(info.tree, vcpus));
      check.accept(Fdt.open(TARGET), new Dom0Devices(info, roles));
    });
  }

  private static FdtNode at(Fdt tree, String path) {
    FdtNode node = tree.root();
    for (String name : path.split("/", -1)) {
      node = node.exists() ? tree.child(node, name) : node;
    }
    return node;
  }

  private static List<String> cells(Fdt tree, String path, String property) {
    FdtNode node = at(tree, path);
    FdtProperty p = tree.property(node, property);
    List<String> cells = new ArrayList<>();
    for (int i = 0; p.exists() && i < FdtValues.cellCount(tree, p); i++) {
      cells.add(Integer.toHexString(FdtValues.cell(tree, node, p, i)));
    }
    return cells;
  }

  private static String string(Fdt tree, String path, String property) {
    return FdtValues.string(tree, at(tree, path), property).toString();
  }

  private static byte[] agilex5() {
    return TreeSource.compile(
        Boards.agilex5(Boards.AGILEX5_CHOSEN)
            .replace(
                "device_type = \"memory\"; reg = <",
                "device_type = \"memory\"; reg = <0 0x48000000 0 0x200000 "));
  }

  @Test
  void rewritesAgilex5() {
    rewrite(
        agilex5(),
        0x8a00_0000L,
        0x200,
        2,
        (tree, devices) -> {
          assertEquals(
              List.of("0", "1d000000", "0", "10000", "0", "1d060000", "0", "40000"),
              cells(tree, "interrupt-controller", "reg"));
          assertFalse(at(tree, "interrupt-controller/msi-controller").exists());
          assertEquals(List.of(), cells(tree, "interrupt-controller", "interrupts"));
          assertEquals(
              List.of("1", "d", "f08", "1", "e", "f08", "1", "b", "f08"),
              cells(tree, "timer", "interrupts"));
          assertEquals("hvc", string(tree, "psci", "method"));
          assertFalse(at(tree, "cpus/cpu@2").exists());
          assertEquals("arm,cortex-a76", string(tree, "cpus/cpu@1", "compatible"));
          assertEquals("psci", string(tree, "cpus/cpu@0", "enable-method"));
          assertFalse(at(tree, "soc/serial@10c02000").exists());
          assertTrue(at(tree, "soc/serial@10c02100").exists());
          assertFalse(at(tree, "soc/iommu").exists());
          assertEquals("snps,dwxgmac-2.10", string(tree, "soc/ethernet", "compatible"));
          assertFalse(tree.has(at(tree, "soc/ethernet"), "iommus"));
          assertEquals("disabled", string(tree, "soc/spi", "status"));
          assertFalse(tree.has(at(tree, "soc/spi"), "xen,passthrough"));
          assertEquals("console=hvc0 root=/dev/mmcblk0p2", string(tree, "chosen", "bootargs"));
          assertEquals(List.of("0", "8b000000"), cells(tree, "chosen", "linux,initrd-start"));
          assertEquals(List.of("0", "93000000"), cells(tree, "chosen", "linux,initrd-end"));
          assertFalse(tree.has(at(tree, "chosen"), "stdout-path"));
          assertFalse(tree.firstChild(at(tree, "chosen")).exists());
          assertEquals("/soc@0/serial@10c02000", string(tree, "aliases", "serial0"));
          assertTrue(at(tree, "reserved-memory/svcbuffer").exists());
          assertEquals(
              List.of("0", "80000000", "0", "2000000"), cells(tree, "memory@80000000", "reg"));
          assertEquals("memory", string(tree, "memory@82000000", "device_type"));
          assertTrue(
              FdtValues.isCompatible(tree, at(tree, "hypervisor"), "xen,xen-4.20")
                  && FdtValues.isCompatible(tree, at(tree, "hypervisor"), "xen,xen"));
          assertEquals(List.of("1", "0", "f08"), cells(tree, "hypervisor", "interrupts"));
          RangeList windows = devices.windows;
          assertTrue(windows.contains(0x1083_0000L, 0x4000));
          assertTrue(windows.contains(0x1100_0000L, 0x10_0000));
          assertFalse(windows.overlaps(0x108d_2000L, 0x1000));
          assertFalse(windows.overlaps(0x1d00_0000L, 0x20_0000));
          assertFalse(windows.overlaps(0x1600_0000L, 0x3_0000));
          assertFalse(windows.overlaps(0x10c0_2000L, 0x1000));
          assertFalse(windows.overlaps(0x8000_0000L, 0x8000_0000L));
          assertEquals(1, devices.withheld);
          devices.publish();
          assertTrue(MachineDevices.mayGive(0x1083_0000L >> 12, 4), "Dom0's");
          assertTrue(MachineDevices.mayGive(0x108d_2000L >> 12, 1), "withheld");
          assertTrue(MachineDevices.mayGive(0x1090_0000L >> 12, 0x100), "withheld");
          assertTrue(MachineDevices.mayGiveInterrupt(32 + 3));
          assertFalse(MachineDevices.mayGiveInterrupt(32 + 134), "the SMMU's");
          assertFalse(MachineDevices.mayGiveInterrupt(32 + 224), "Dom0's");
          assertFalse(MachineDevices.mayGive(0x1d00_0000L >> 12, 1), "the distributor");
          assertFalse(MachineDevices.mayGive(0x1600_0000L >> 12, 1), "the SMMU");
          assertFalse(MachineDevices.mayGive(0x10c0_2000L >> 12, 1), "our UART");
          assertFalse(MachineDevices.mayGive(0x8000_0000L >> 12, 1), "memory");
          assertTrue(devices.isKeptFromDom0(32 + 3));
          assertTrue(devices.isKeptFromDom0(32 + 134));
          assertTrue(devices.isKeptFromDom0(32 + 108));
          assertFalse(devices.isKeptFromDom0(32 + 224));
        });
  }

  @Test
  void rewritesAgilex7() {
    byte[] blob = TreeSource.compile(Boards.agilex7(Boards.AGILEX7_CHOSEN));
    rewrite(
        blob,
        0xa00_0000L,
        0,
        4,
        (tree, devices) -> {
          assertEquals("arm,gic-400", string(tree, "interrupt-controller", "compatible"));
          assertEquals(
              List.of("0", "fffc1000", "0", "1000", "0", "fffc2000", "0", "2000"),
              cells(tree, "interrupt-controller", "reg"));
          assertTrue(at(tree, "cpus/cpu@3").exists());
          assertEquals(
              List.of("0", "2000000", "0", "8000000", "0", "b000000", "0", "38000000"),
              cells(tree, "memory@2000000", "reg"));
          assertFalse(devices.windows.overlaps(0xfffc_0000L, 0x1_0000));
          assertTrue(devices.windows.contains(0xffc0_3000L, 0x1000));
          // A port of the GPIO block is at register 0 of no bus that a CPU can see.
          assertFalse(devices.windows.overlaps(0, 0x1000));
        });
  }

  /**
   * Whatever is wrong with the machine's tree: Dom0 gets a tree that can be read, or nobody does.
   */
  @Test
  void survivesMutation() {
    byte[] tree = agilex5();
    long seed = Long.getLong("ristretto.seed", 25);
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 400; round++) {
      byte[] damaged = tree.clone();
      for (int i = random.nextInt(5); i >= 0; i--) {
        damaged[40 + random.nextInt(damaged.length - 40)] =
            (byte) (random.nextBoolean() ? random.nextInt(16) : random.nextInt());
      }
      try {
        rewrite(damaged, 0x8a00_0000L, 0x200, 2, (result, devices) -> {});
        accepted++;
      } catch (BootException e) {
        assertFalse(e.getMessage().isEmpty());
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
    assertTrue(accepted > 30, "accepted " + accepted);
  }

  @Test
  void isNotConfusedByARootThatClaimsToBeADevice() {
    for (String claim :
        new String[] {"arm,armv8-timer", "arm,gic-v3", "arm,smmu-v3", "arm,psci-1.0"}) {
      byte[] blob =
          TreeSource.compile(
              Boards.agilex7(Boards.AGILEX7_CHOSEN)
                  .replace(
                      "compatible = \"intel,socfpga-agilex\"", "compatible = \"" + claim + "\""));
      rewrite(blob, 0xa00_0000L, 0, 2, (tree, devices) -> assertTrue(at(tree, "soc").exists()));
    }
    byte[] uart =
        TreeSource.compile(
            Boards.agilex7(Boards.AGILEX7_CHOSEN.replace("serial0:115200n8", "/"))
                .replace("intel,socfpga-agilex", "arm,pl011")
                .replace("dtuart=serial0", ""));
    rewrite(uart, 0xa00_0000L, 0, 2, (tree, devices) -> assertTrue(at(tree, "soc").exists()));
  }

  /** The boards as Linux describes them, with RAM and modules as their firmware adds them. */
  @Test
  void rewritesTheBoardsTrees() throws IOException {
    List<Path> boards = DeviceTreeCompiler.boards();
    assumeFalse(boards.isEmpty(), "no board trees beside the checkout");
    for (Path board : boards) {
      String source = Files.readString(board);
      boolean first = board.toString().contains("agilex_socdk");
      String ram = first ? "0 0x2000000 0 0x7e000000" : "0 0x80000000 0 0x80000000";
      source =
          source
              .replaceAll(
                  "(memory@80000000 \\{\\s+device_type = \"memory\";\\s+reg = )<[^>]*>",
                  "$1<" + ram + " 0 0x48000000 0 0x200000>")
              .replace(
                  "chosen {",
                  "chosen {\n xen,xen-bootargs = \"dom0_mem=512M hmp-unsafe\";\n"
                      + " #address-cells = <1>; #size-cells = <1>;")
              .replaceAll(
                  "(stdout-path = [^;]*;)",
                  "$1 dom0 { compatible = \"multiboot,kernel\", \"multiboot,module\"; reg = <"
                      + (first ? "0x4000000" : "0x84000000")
                      + " 0x2000000>; };");
      rewrite(
          DeviceTreeCompiler.compile(source),
          first ? 0xa00_0000L : 0x8a00_0000L,
          0,
          4,
          (tree, devices) -> {
            String soc = "soc@0/";
            assertFalse(at(tree, soc + (first ? "serial@ffc02000" : "serial@10c02000")).exists());
            assertTrue(
                at(tree, soc + (first ? "ethernet@ff800000" : "ethernet@10810000")).exists());
            assertTrue(at(tree, "cpus/cpu@3").exists());
            assertFalse(devices.windows.overlaps(first ? 0xfffc_1000L : 0x1d00_0000L, 0x1000));
            assertTrue(devices.windows.contains(first ? 0xffd1_0000L : 0x10d1_0000L, 0x1000));
          });
    }
  }

  /** Modules and memory as QEMU's guest-loader adds them to its own tree. */
  private static byte[] qemu(String machine, String... more) {
    String source = DeviceTreeCompiler.decompile(DeviceTreeCompiler.ofQemu(machine, more));
    int chosen = source.indexOf("chosen {") + "chosen {".length();
    int end = source.indexOf("};", chosen);
    return DeviceTreeCompiler.compile(
        source.substring(0, chosen)
            + """
              bootargs = "console=dtuart dom0_mem=1024M";
            """
            + source.substring(chosen, end)
            + """
              module@4a000000 {
                compatible = "multiboot,module", "multiboot,kernel";
                reg = <0 0x4a000000 0 0x2400000>;
                bootargs = "console=hvc0 earlycon=xenboot";
              };
              module@50000000 {
                compatible = "multiboot,module", "multiboot,ramdisk";
                reg = <0 0x50000000 0 0x307e800>;
              };
            """
            + source.substring(end));
  }

  @Test
  void rewritesQemusTree() {
    byte[] blob =
        qemu(
            "virt,virtualization=on,gic-version=3,iommu=smmuv3",
            "-cpu",
            "cortex-a72",
            "-m",
            "4G",
            "-smp",
            "4");
    rewrite(
        blob,
        0x4020_0000L,
        0,
        8,
        (tree, devices) -> {
          assertFalse(at(tree, "pl011").exists());
          assertFalse(at(tree, "pmu").exists());
          assertFalse(at(tree, "smmuv3").exists());
          assertEquals(List.of(), cells(tree, "pcie", "iommu-map"));
          assertFalse(cells(tree, "pcie", "interrupt-map").isEmpty());
          assertEquals(List.of("2"), cells(tree, "intc", "#address-cells"));
          assertTrue(at(tree, "cpus/cpu@7").exists());
          assertEquals(List.of("0", "4a000000", "0", "40000000"), cells(tree, "memory", "reg"));
          assertEquals(
              List.of(
                  "0",
                  "40000000",
                  "0",
                  "40000",
                  "0",
                  "40200000",
                  "0",
                  "9e00000",
                  "0",
                  "8a000000",
                  "0",
                  "b6000000"),
              cells(tree, "hypervisor", "reg"));
          assertEquals("console=hvc0 earlycon=xenboot", string(tree, "chosen", "bootargs"));
          assertTrue(tree.has(at(tree, "chosen"), "rng-seed"));
          RangeList windows = devices.windows;
          assertTrue(windows.contains(0x0a00_0000L, 0x4000));
          assertTrue(windows.contains(0x1000_0000L, 0x2f00_0000L));
          assertTrue(windows.contains(0x40_1000_0000L, 0x1000_0000L));
          assertTrue(windows.contains(0x80_0000_0000L, 0x80_0000_0000L));
          assertTrue(windows.contains(0, 0x800_0000L));
          assertFalse(windows.overlaps(0x800_0000L, 0x100_0000L + 0x1000));
          assertFalse(windows.overlaps(0x4000_0000L, 0x1_0000_0000L));
          assertTrue(windows.count() < 12, "windows " + windows.count());
          assertEquals(0x900_0000L + 0x1_0000, FdtRegisters.address(tree, at(tree, "pl031"), 0));
        });
  }

  @Test
  void givesDom0OnlyOneKindOfGic() {
    byte[] blob =
        qemu("virt,virtualization=on,gic-version=2", "-cpu", "cortex-a72", "-m", "4G", "-smp", "4");
    rewrite(
        blob,
        0x4020_0000L,
        0,
        4,
        (tree, devices) -> {
          assertEquals("arm,gic-400", string(tree, "intc", "compatible"));
          assertFalse(at(tree, "intc/v2m").exists());
          assertEquals(
              List.of("0", "8000000", "0", "1000", "0", "8010000", "0", "10000"),
              cells(tree, "intc", "reg"));
          assertFalse(devices.windows.overlaps(0x800_0000L, 0x100_0000L));
        });
  }
}
