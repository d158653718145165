package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import ristretto.arch.Pstate;
import ristretto.arch.Stage2Descriptor;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.mm.FrameSetup;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.driver.gic.Gic;
import ristretto.driver.gic.GicStart;
import ristretto.driver.gic.Gicv2;
import ristretto.driver.gic.Gicv3;
import ristretto.driver.gic.Redistributors;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtValues;
import ristretto.fdt.TreeSource;
import ristretto.lang.BootException;
import ristretto.machine.CpuLocal;
import ristretto.sim.SimulatedGic;
import ristretto.sim.SimulatedMachine;

/** Dom0 from the loader's hands to its first instruction, on the simulated machine. */
class Dom0BuilderTest {
  private static final long RAM = 0x4000_0000L;
  private static final long RAM_SIZE = 512L << 20;
  private static final long IMAGE = 0x4020_0000L;
  private static final long IMAGE_SIZE = 0x20_0000;
  private static final long TREE = 0x4800_0000L;
  private static final long RAMDISK = 0x5000_0000L;
  private static final int RAMDISK_SIZE = 0x12345;
  private static final int LINES = 96;

  private static byte[] tree(int version, String options, long kernel, int kernelSize) {
    String gic =
        version == 3
            ? "compatible = \"arm,gic-v3\"; reg = <0 %d 0 0x10000>, <0 %d 0 0x100000>;"
                .formatted(SimulatedGic.DISTRIBUTOR, SimulatedGic.REDISTRIBUTORS)
            : """
            compatible = "arm,gic-400";
            reg = <0 %d 0 0x1000>, <0 %d 0 0x2000>, <0 %d 0 0x2000>, <0 0x8040000 0 0x2000>;
            """
                .formatted(
                    SimulatedGic.DISTRIBUTOR,
                    SimulatedGic.CPU_INTERFACE,
                    SimulatedGic.VIRTUAL_CONTROL);
    return TreeSource.compile(
        """
        /dts-v1/;
        / {
          #address-cells = <2>;
          #size-cells = <2>;
          interrupt-parent = <&gic>;
          chosen {
            bootargs = "%s";
            module@0 {
              compatible = "multiboot,kernel", "multiboot,module";
              reg = <0 %d 0 %d>;
              bootargs = "console=hvc0";
            };
            module@1 { compatible = "multiboot,ramdisk", "multiboot,module"; reg = <0 %d 0 %d>; };
          };
          gic: intc { interrupt-controller; #interrupt-cells = <3>; interrupts = <1 9 4>; %s };
          timer { compatible = "arm,armv8-timer"; interrupts = <1 13 8>, <1 14 8>, <1 11 8>, <1 10 8>; };
          cpus {
            #address-cells = <1>;
            #size-cells = <0>;
            cpu@0 { device_type = "cpu"; compatible = "arm,cortex-a76"; reg = <0>; enable-method = "psci"; };
          };
          psci { compatible = "arm,psci-1.0"; method = "smc"; };
          reserved-memory {
            #address-cells = <2>;
            #size-cells = <2>;
            ranges;
            buffer { reg = <0 0x5f000000 0 0x100000>; no-map; };
          };
          memory@40000000 { device_type = "memory"; reg = <0 %d 0 %d>; };
          uart@9000000 { compatible = "arm,pl011"; reg = <0 0x9000000 0 0x1000>; interrupts = <0 1 4>; };
          rtc@9010000 { compatible = "arm,pl031"; reg = <0 0x9010000 0 0x1000>; interrupts = <0 2 4>; };
          spi@9020000 { reg = <0 0x9020000 0 0x1000>; interrupts = <0 3 4>; xen,passthrough; };
        };
        """
            .formatted(options, kernel, kernelSize, RAMDISK, RAMDISK_SIZE, gic, RAM, RAM_SIZE));
  }

  private static void build(
      int version,
      String options,
      long kernelAt,
      byte[] kernel,
      BiConsumer<SimulatedMachine, Domain> check) {
    SimulatedMachine machine =
        new SimulatedMachine().ram(RAM, RAM_SIZE).image(IMAGE, IMAGE_SIZE).stepLimit(1L << 30);
    Gic gic;
    if (version == 3) {
      SimulatedGic.v3(machine, LINES, 4);
      long[] bases = {SimulatedGic.REDISTRIBUTORS};
      gic =
          new Gicv3(
              SimulatedGic.DISTRIBUTOR, new Redistributors(bases, new long[] {0x2_0000}, 0), 1);
    } else {
      SimulatedGic.v2(machine, LINES, 4);
      gic =
          new Gicv2(
              SimulatedGic.DISTRIBUTOR,
              SimulatedGic.CPU_INTERFACE,
              SimulatedGic.VIRTUAL_CONTROL,
              1);
    }
    machine.write(TREE, tree(version, options, kernelAt, kernel.length));
    machine.write(kernelAt, kernel);
    machine.write(RAMDISK, ramdisk());
    machine.run(() -> check.accept(machine, start(gic)));
  }

  private static byte[] ramdisk() {
    byte[] content = new byte[RAMDISK_SIZE];
    new Random(9).nextBytes(content);
    return content;
  }

  /** What the boot order does, as far as Dom0 needs it. */
  private static Domain start(Gic gic) {
    BootInfo info = new BootInfo(new LoaderTree(TREE), IMAGE, IMAGE_SIZE, 0);
    Dom0Builder builder = new Dom0Builder(info);
    FrameSetup setup = new FrameSetup();
    setup.addBank(RAM, RAM_SIZE);
    RangeList taken = info.memory.ram.copy();
    taken.removeAll(info.freeMemory());
    taken.addAll(builder.memory());
    for (int i = 0; i < taken.count(); i++) {
      assertTrue(setup.reserve(taken.base(i), taken.size(i)));
    }
    assertTrue(setup.start());
    if (Cpus.count() == 0) {
      Cpus.add(new Cpu(0, 0, 0, 0));
    }
    Cpus.get(0).online = true;
    CpuLocal.set(Cpus.get(0));
    assertEquals(GicStart.STARTED, Interrupts.start(gic));
    return builder.build();
  }

  private static boolean isMapped(Domain domain, long address, int type) {
    Stage2Descriptor found = domain.p2m.lookup(address >>> 12);
    return found.isValid() && found.address() == (address & -4096) && found.type() == type;
  }

  @Test
  void startsAKernelInPlace() {
    byte[] kernel = KernelImageTest.image(0, 0x30_0000, 0xa, 0x5000);
    build(
        3,
        "dtuart=/uart dom0_mem=128M dom0_max_vcpus=4 dom0_vcpus_pin",
        0x4a00_0000L,
        kernel,
        (machine, dom0) -> {
          assertEquals(0, dom0.id);
          assertSame(dom0, Domains.find(0));
          assertEquals(4, dom0.vcpus.length);
          assertEquals(1, dom0.vcpus[3].affinity & 1);
          Vcpu first = dom0.vcpus[0];
          assertFalse(first.isOffline());
          assertTrue(dom0.vcpus[1].isOffline());
          assertEquals(0x4a00_0000L, first.frame.elr());
          assertEquals(Pstate.MODE_EL1H | Pstate.DAIF, first.frame.spsr());
          Fdt tree = Fdt.open(first.frame.x(0));
          FdtNode chosen = tree.child(tree.root(), "chosen");
          assertEquals(RAMDISK, FdtValues.u64(tree, chosen, "linux,initrd-start", 0));
          assertEquals(128 << 8, dom0.memory.memory());
          assertTrue(isMapped(dom0, 0x4a00_0000L, P2mType.RAM_RW));
          assertTrue(isMapped(dom0, RAMDISK, P2mType.RAM_RW));
          assertTrue(isMapped(dom0, 0x5f00_0000L, P2mType.RESERVED));
          assertTrue(isMapped(dom0, 0x901_0000L, P2mType.DEVICE));
          assertFalse(dom0.p2m.lookup(0x900_0000L >>> 12).isValid());
          assertFalse(dom0.p2m.lookup(0x902_0000L >>> 12).isValid());
          assertFalse(dom0.p2m.lookup(IMAGE >>> 12).isValid());
          assertFalse(dom0.p2m.lookup(SimulatedGic.DISTRIBUTOR >>> 12).isValid());
          assertTrue(dom0.mmio.find(SimulatedGic.DISTRIBUTOR, 4) >= 0);
          assertTrue(dom0.mmio.find(SimulatedGic.REDISTRIBUTORS + 0x6_0000, 4) >= 0);
          assertSame(dom0.vgic, Interrupts.guestOf(34));
          assertNull(Interrupts.guestOf(33));
          assertNull(Interrupts.guestOf(35));
          assertSame(dom0.vgic, Interrupts.guestOf(95));
        });
  }

  @Test
  void movesAKernelThatCannotStayAndGivesItsOldPlaceBack() {
    byte[] kernel = KernelImageTest.image(0, 0x30_0000, 0xa, 0x5000);
    build(
        3,
        "dom0_mem=64M",
        0x4a08_0000L,
        kernel,
        (machine, dom0) -> {
          long entry = dom0.vcpus[0].frame.elr();
          assertEquals(0, entry % KernelImage.ALIGNMENT);
          assertArrayEquals(kernel, machine.read(entry, kernel.length));
          Fdt tree = Fdt.open(dom0.vcpus[0].frame.x(0));
          FdtNode chosen = tree.child(tree.root(), "chosen");
          long ramdisk = FdtValues.u64(tree, chosen, "linux,initrd-start", 0);
          assertArrayEquals(ramdisk(), machine.read(ramdisk, RAMDISK_SIZE));
          assertFalse(dom0.p2m.lookup(0x4a08_0000L >>> 12).isValid());
          long reserved = IMAGE_SIZE + 0x10_0000 + 0x1_0000;
          assertTrue(
              Frames.totalCount() > ((RAM_SIZE - reserved) >>> 12) - 300,
              "frames " + Frames.totalCount());
        });
  }

  private static void refused(String options, byte[] kernel, String reason) {
    BootException e =
        assertThrows(
            BootException.class, () -> build(3, options, 0x4a00_0000L, kernel, (m, d) -> {}));
    assertEquals(reason, e.getMessage());
  }

  @Test
  void namesWhatItCannotStart() throws IOException {
    byte[] kernel = KernelImageTest.image(0, 0x30_0000, 0xa, 0x5000);
    refused(
        "dom0_mem=64M",
        new byte[128],
        "device tree: /chosen/module@0: Dom0's kernel is not an arm64 Image, nor compressed, nor"
            + " ELF");
    byte[] damaged = InflaterTest.gzip(kernel, 6);
    damaged[damaged.length - 8] ^= 1;
    refused(
        "dom0_mem=64M",
        damaged,
        "device tree: /chosen/module@0: the compressed file is damaged: its check sum is wrong, byte"
            + " 20480 of the content");
    refused("dom0_mem=4G", kernel, "dom0_mem=4096M: this machine has 492 MiB for Dom0");
    refused(
        "dom0_max_vcpus=9",
        kernel,
        "dom0_max_vcpus: the interrupt controller that Dom0 sees has room for 8 vCPUs, not for 9");
  }

  @Test
  void showsAGicv2WhereTheMachineHasOne() {
    byte[] kernel = KernelImageTest.image(0, 0x30_0000, 0xa, 0x5000);
    build(
        2,
        "dom0_mem=128M dom0_max_vcpus=8",
        0x4a00_0000L,
        kernel,
        (machine, dom0) -> {
          assertEquals(8, dom0.vcpus.length);
          Stage2Descriptor found = dom0.p2m.lookup(SimulatedGic.CPU_INTERFACE >>> 12);
          assertEquals(0x804_0000L, found.address());
          assertEquals(P2mType.DEVICE, found.type());
          assertTrue(dom0.mmio.find(SimulatedGic.DISTRIBUTOR, 4) >= 0);
        });
  }
}
