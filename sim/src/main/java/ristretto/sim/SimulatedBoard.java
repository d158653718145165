package ristretto.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ristretto.arch.gic.Gicd;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;
import ristretto.sim.DeviceTree.Node;
import ristretto.sim.DeviceTree.Region;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.uart.Ns16550Model;

/**
 * A board made from its device tree: RAM, CPUs of their kinds, GIC, timers, UARTs, SMMU, and the
 * secure monitor. No other device is there, and RAM that the firmware keeps is not RAM: whoever
 * touches either fails the test.
 */
public final class SimulatedBoard {
  /** Bytes of the hypervisor's image. */
  public static final long IMAGE_SIZE = 0x80_0000;

  /** GIC-400 and GIC-600 both have four. */
  private static final int LIST_REGISTERS = 4;

  /** MPIDR_EL1.MT: the lowest affinity field counts threads. */
  private static final long MULTITHREADING = 1L << 24;

  private final DeviceTree tree;
  private final SimulatedMachine machine;
  private final SimulatedGic gic;
  private final SipModel firmware = new SipModel();
  private final Map<Long, Ns16550Model> uarts = new HashMap<>();
  private final Map<Long, StringBuilder> sent = new HashMap<>();
  private final long image;

  /**
   * A board that firmware has started.
   *
   * @param bootMpidr affinity fields of the CPU that the loader runs on
   * @param counterFrequency what firmware left in CNTFRQ_EL0, ticks a second
   * @param image where the loader put the hypervisor
   */
  public SimulatedBoard(DeviceTree tree, long bootMpidr, long counterFrequency, long image) {
    this.tree = tree;
    this.image = image;
    List<Node> cpus =
        tree.node("/cpus").children.stream().filter(node -> node.has("enable-method")).toList();
    machine = new SimulatedMachine(cpus.size()).secureMonitor(firmware);
    for (int i = 0; i < cpus.size(); i++) {
      startCpu(i, cpus.get(i), bootMpidr, counterFrequency);
    }
    addMemory();
    machine.image(image, IMAGE_SIZE);
    machine.symbol(ImageSymbol.ENABLE_MMU, ImageSymbol.LINK_BASE); // code, as in the image
    gic = addGic();
    gic.model().hideSecureState();
    tree.compatible("snps,dw-apb-uart").forEach(this::addUart);
    addSmmu("arm,smmu-v3", 3);
    addSmmu("arm,mmu-500", 2);
  }

  private void startCpu(int index, Node node, long bootMpidr, long counterFrequency) {
    long affinity = Integer.toUnsignedLong(node.cell("reg", 0));
    CpuModel model = CpuModel.of(node.string("compatible"));
    SimulatedCpu cpu = machine.cpu(index);
    model.applyTo(cpu, model == CpuModel.CORTEX_A53 ? affinity : affinity | MULTITHREADING);
    cpu.setRegister(SysReg.CNTFRQ_EL0, counterFrequency);
    if (affinity == bootMpidr) {
      machine.bootCpu(index);
    }
  }

  /** RAM without what is reserved for firmware and must not be mapped. */
  private void addMemory() {
    List<Region> reserved =
        tree.root()
            .all()
            .filter(node -> node.has("no-map"))
            .flatMap(node -> node.registers().stream())
            .toList();
    tree.root()
        .all()
        .filter(node -> node.string("device_type").equals("memory"))
        .flatMap(node -> node.registers().stream())
        .flatMap(ram -> without(ram, reserved).stream())
        .forEach(ram -> machine.ram(ram.base(), ram.size()));
  }

  private static List<Region> without(Region ram, List<Region> reserved) {
    List<Region> left = new ArrayList<>(List.of(ram));
    for (Region hole : reserved) {
      List<Region> next = new ArrayList<>();
      for (Region part : left) {
        long end = part.base() + part.size();
        long holeEnd = hole.base() + hole.size();
        addIfAny(next, part.base(), Math.min(end, hole.base()));
        addIfAny(next, Math.max(part.base(), holeEnd), end);
      }
      left = next;
    }
    return left;
  }

  private static void addIfAny(List<Region> list, long base, long end) {
    if (base < end) {
      list.add(new Region(base, end - base));
    }
  }

  private SimulatedGic addGic() {
    List<Node> version3 = tree.compatible("arm,gic-v3");
    if (!version3.isEmpty()) {
      List<Region> at = version3.getFirst().registers();
      return SimulatedGic.v3(
          machine, lines(), LIST_REGISTERS, at.getFirst().base(), at.get(1).base());
    }
    List<Region> at = tree.compatible("arm,gic-400").getFirst().registers();
    return SimulatedGic.v2(
        machine, lines(), LIST_REGISTERS, at.getFirst().base(), at.get(1).base(), at.get(2).base());
  }

  /** As many INTIDs as the devices of the tree need, which is the least that there can be. */
  private int lines() {
    int highest =
        tree.root()
            .all()
            .flatMap(node -> tree.interrupts(node).stream())
            .mapToInt(interrupt -> interrupt & 0xffff)
            .max()
            .orElse(Gicd.FIRST_SPI);
    return highest / 32 * 32 + 32;
  }

  private void addUart(Node node) {
    Region at = node.registers().getFirst();
    int intid = tree.interrupts(node).getFirst() & 0xffff;
    StringBuilder output = new StringBuilder();
    Ns16550Model model =
        new Ns16550Model(
            level -> gic.setLine(intid, level),
            b -> output.append((char) b),
            node.cell("reg-shift", 0),
            true);
    uarts.put(at.base(), model);
    sent.put(at.base(), output);
    machine.map(at.base(), at.size(), only(node.cell("reg-io-width", 1), model));
  }

  /** A bus that takes accesses of one size. */
  private static MmioDevice only(int width, MmioDevice device) {
    return new MmioDevice() {
      @Override
      public long read(int offset, int size) {
        check(size);
        return device.read(offset, size);
      }

      @Override
      public void write(int offset, int size, long value) {
        check(size);
        device.write(offset, size, value);
      }

      private void check(int size) {
        if (size != width) {
          throw new SimulationError("an access of " + size + " bytes; reg-io-width is " + width);
        }
      }
    };
  }

  private void addSmmu(String compatible, int version) {
    for (Node node : tree.compatible(compatible)) {
      Region at = node.registers().getFirst();
      machine.map(at.base(), at.size(), new SmmuIdentity(version));
    }
  }

  public DeviceTree tree() {
    return tree;
  }

  public SimulatedMachine machine() {
    return machine;
  }

  public SimulatedGic gic() {
    return gic;
  }

  public SipModel firmware() {
    return firmware;
  }

  /** Where the hypervisor's image is. */
  public long image() {
    return image;
  }

  /** Everything that the UART at {@code base} has sent. */
  public String sent(long base) {
    return String.valueOf(sent.get(base));
  }

  /** Types at the other end of the UART at {@code base}. */
  public void type(long base, String text) {
    Ns16550Model uart = uarts.get(base);
    if (uart == null) {
      throw new IllegalArgumentException("no UART there");
    }
    text.chars().forEach(uart::receive);
  }

  /** Puts a file into RAM as the loader does. */
  public SimulatedBoard load(long address, byte[] file) {
    machine.write(address, file);
    return this;
  }
}
