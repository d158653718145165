package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.Cpus;
import ristretto.core.trap.GuestCpu;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.Machine;
import ristretto.machine.SysReg;
import ristretto.sim.DeviceTree;
import ristretto.sim.DeviceTree.Node;
import ristretto.sim.DeviceTree.Region;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.Stage2Walk;

/**
 * Each board as a simulated machine: the hypervisor's own classes boot on it to the first
 * instruction of Dom0, and what Dom0 has then is held against the board's device tree.
 */
class BoardBootTest {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=2048M bootscrub=0 maxcpus=4 hmp-unsafe=true"
          + " dom0_max_vcpus=2 dom0_vcpus_pin watchdog_timeout=0 timer_slop=0";

  private static final long MIDR_A55 = 0x412f_d050L;
  private static final long MIDR_A76 = 0x414f_d0b1L;
  private static final long PAGE = 4096;

  private static void boots(BootOnBoard boot, long bootMidr, int cpus) {
    boot.asDom0(guest -> {
      String console = boot.console();
      assertEquals(boot.kernel, guest.pc(), console);
      assertEquals(bootMidr, SysReg.VPIDR_EL2.read());
      assertEquals(cpus, Cpus.count(), console);
      for (int i = 0; i < cpus; i++) {
        assertTrue(Cpus.get(i).online, console);
      }
      assertEquals(boot.fact("timer.hertz"), GenericTimer.frequency());
      DeviceTree dom0 = boot.treeAt(guest.frame().x(0));
      checkMemory(boot, dom0);
      checkDevices(boot, dom0);
      checkTree(boot, dom0);
      boolean smmu = boot.board.tree().root().all().anyMatch(BoardBootTest::isEnabledIommu);
      assertEquals(smmu, console.contains("this IOMMU is not used"), console);
      checkInterrupts(boot, guest);
    });
  }

  /** Where stage 2 leads Dom0 from {@code address}. */
  private static long reached(long address) {
    return Stage2Walk.translate((SimulatedCpu) Machine.current(), address, false);
  }

  private static void assertOneToOne(Region region) {
    for (long at = region.base(); at < region.base() + region.size(); at += 1 << 20) {
      assertEquals(at, reached(at));
    }
    long last = region.base() + region.size() - 1;
    assertEquals(last, reached(last));
  }

  private static void assertUnreachable(Region region) {
    for (long at = region.base() & -PAGE; at < region.base() + region.size(); at += 0x1000) {
      assertEquals(Stage2Walk.FAULT, reached(at), "0x%x".formatted(at));
    }
  }

  private static List<Region> memory(DeviceTree tree) {
    return tree.root()
        .all()
        .filter(node -> node.string("device_type").equals("memory"))
        .flatMap(node -> node.registers().stream())
        .toList();
  }

  /** Dom0's RAM is where the board's RAM is, without what firmware and hypervisor have. */
  private static void checkMemory(BootOnBoard boot, DeviceTree dom0) {
    Region firmware = boot.board.tree().node("/reserved-memory/svcbuffer@0").registers().getFirst();
    Region image = new Region(boot.board.image(), 0x20_0000);
    long total = 0;
    for (Region bank : memory(dom0)) {
      assertTrue(
          memory(boot.board.tree()).stream().anyMatch(window -> contains(window, bank)),
          bank::toString);
      assertFalse(overlap(bank, image), "the hypervisor's own memory");
      if (!bank.equals(firmware)) {
        assertFalse(overlap(bank, firmware), "the firmware's memory is RAM of Dom0");
        assertOneToOne(bank);
        total += bank.size();
      }
    }
    assertEquals(2048L << 20, total);
    assertEquals(boot.kernel, reached(boot.kernel));
    assertUnreachable(image);
    // Linux's driver gives this buffer to the firmware; it is not memory that Linux may use.
    assertOneToOne(firmware);
    assertTrue(dom0.node("/reserved-memory/svcbuffer@0").has("no-map"));
  }

  private static boolean contains(Region outer, Region inner) {
    return inner.base() >= outer.base()
        && inner.base() + inner.size() <= outer.base() + outer.size();
  }

  private static boolean overlap(Region a, Region b) {
    return a.base() < b.base() + b.size() && b.base() < a.base() + a.size();
  }

  /** Every device that is enabled is Dom0's, 1:1; the GIC, the SMMU and the console are not. */
  private static void checkDevices(BootOnBoard boot, DeviceTree dom0) {
    DeviceTree tree = boot.board.tree();
    Node gic =
        tree.root().children.stream().filter(n -> n.has("#interrupt-cells")).toList().getFirst();
    // With a GICv2 the page of the CPU interface leads to the virtual one.
    boolean version2 = gic.isCompatible("arm,gic-400");
    List<Region> parts = gic.registers();
    assertUnreachable(parts.getFirst());
    if (version2) {
      assertEquals(parts.get(3).base(), reached(parts.get(1).base()));
      assertUnreachable(parts.get(2));
    } else {
      assertUnreachable(new Region(parts.get(1).base(), 0x8_0000));
      assertUnreachable(tree.node(gic.path() + "/msi-controller@1d040000").registers().getFirst());
    }
    assertUnreachable(new Region(boot.uart(), 0x100));
    int devices = 0;
    for (Node node : tree.node("/soc@0").all().toList()) {
      boolean dom0s = node.isEnabled() && !node.has("#iommu-cells") && !isCounter(node);
      for (Region registers : node.registers()) {
        if (node.has("#iommu-cells")) {
          assertUnreachable(registers);
        } else if (dom0s && registers.base() != boot.uart()) {
          assertOneToOne(registers);
          devices++;
        }
      }
    }
    assertTrue(devices > 15, "devices " + devices);
    assertNotNull(dom0.find("/soc@0/sysmgr@" + (version2 ? "ffd12000" : "10d12000")));
  }

  private static boolean isEnabledIommu(Node node) {
    return node.has("#iommu-cells") && node.isEnabled();
  }

  private static boolean isCounter(Node node) {
    return node.isCompatible("arm,smmu-v3-pmcg");
  }

  /** What Linux learns: no hypervisor's devices, firmware by HVC, its CPUs, its own GIC. */
  private static void checkTree(BootOnBoard boot, DeviceTree dom0) {
    assertEquals("hvc", dom0.node("/psci").string("method"));
    assertEquals(2, dom0.compatible("arm,cortex-a53").size() + bigLittle(dom0));
    assertTrue(dom0.root().all().noneMatch(node -> node.has("#iommu-cells")));
    assertTrue(dom0.root().all().noneMatch(node -> node.has("iommus")));
    assertTrue(
        dom0.root().all().noneMatch(node -> node.name.startsWith("pmu")), "counters, not Dom0's");
    assertNull(dom0.find("/soc@0/serial@%x".formatted(boot.uart())));
    assertTrue(dom0.node("/chosen").string("bootargs").startsWith("console=hvc0"));
    assertTrue(dom0.node("/hypervisor").isCompatible("xen,xen"));
    for (String name : new String[] {"/firmware/svc", "/firmware/svc/fpga-mgr"}) {
      assertTrue(dom0.node(name).isEnabled());
    }
    for (Node node : boot.board.tree().compatible("snps,dw-wdt")) {
      assertEquals(node.isEnabled(), dom0.node(node.path()).isEnabled(), "watchdogs are Dom0's");
    }
  }

  private static int bigLittle(DeviceTree dom0) {
    return dom0.compatible("arm,cortex-a55").size() + dom0.compatible("arm,cortex-a76").size();
  }

  /** The console's interrupt comes to the hypervisor; each device's to Dom0 once it wants it. */
  private static void checkInterrupts(BootOnBoard boot, GuestCpu guest) {
    boot.type("\u0001\u0001\u0001h");
    guest.spin();
    assertTrue(boot.console().contains("'h' pressed"), boot.console());
    guest.store(boot.board.gic().distributor(), 4, 3); // GICD_CTLR: enable
    guest.enableInterrupts();
    for (Node node : boot.board.tree().node("/soc@0").all().toList()) {
      if (node.isEnabled() && !node.has("#iommu-cells") && !isCounter(node)) {
        for (int interrupt : boot.board.tree().interrupts(node)) {
          int intid = interrupt & 0xffff;
          if (!isConsole(boot, node)) {
            arrives(boot, guest, intid);
          }
        }
      }
    }
    assertFalse(boot.console().contains("belongs to nobody"), boot.console());
  }

  private static boolean isConsole(BootOnBoard boot, Node node) {
    return !node.registers().isEmpty() && node.registers().getFirst().base() == boot.uart();
  }

  private static void arrives(BootOnBoard boot, GuestCpu guest, int intid) {
    long distributor = boot.board.gic().distributor();
    guest.store(distributor + 0x100 + intid / 32 * 4L, 4, 1L << intid % 32); // ISENABLER
    boot.board.gic().setLine(intid, true);
    assertTrue(guest.isInterrupted(), "INTID " + intid);
    assertEquals(intid, guest.acknowledge());
    boot.board.gic().setLine(intid, false);
    guest.end(intid);
    assertFalse(guest.isInterrupted(), "INTID " + intid);
  }

  @Test
  void bootsAgilex5FromACortexA55() {
    FreshImage.run(Agilex5.class);
  }

  static final class Agilex5 implements Runnable {
    @Override
    public void run() {
      boots(new BootOnBoard("agilex5", 0x0, OPTIONS), MIDR_A55, 4);
    }
  }

  @Test
  void bootsAgilex5FromACortexA76() {
    FreshImage.run(Agilex5FromA76.class);
  }

  static final class Agilex5FromA76 implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = new BootOnBoard("agilex5", 0x200, OPTIONS);
      boots(boot, MIDR_A76, 4);
      assertTrue(boot.console().contains("this one with MPIDR 0x200"), boot.console());
    }
  }

  @Test
  void bootsTheModularKit() {
    FreshImage.run(Modular.class);
  }

  static final class Modular implements Runnable {
    @Override
    public void run() {
      // An I2C controller that Dom0 has shares the page with the console's UART.
      BootOnBoard boot = new BootOnBoard("agilex5-modular", 0x0, OPTIONS);
      boot.asDom0(guest -> {
        assertEquals(boot.kernel, guest.pc());
        assertNotEquals(Stage2Walk.FAULT, reached(0x10c0_2b00L), "i2c3");
        assertTrue(
            boot.console().contains("/soc@0/serial@10c02000: shares its page with a device"),
            boot.console());
      });
    }
  }

  @Test
  void bootsAgilex3() {
    FreshImage.run(Agilex3.class);
  }

  static final class Agilex3 implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot =
          new BootOnBoard("agilex3", 0x0, OPTIONS.replace("dom0_mem=2048M", "dom0_mem=1024M"));
      boot.asDom0(guest -> {
        assertEquals(boot.kernel, guest.pc());
        assertEquals(2, Cpus.count());
        checkDevices(boot, boot.treeAt(guest.frame().x(0)));
        checkInterrupts(boot, guest);
      });
    }
  }

  @Test
  void bootsAgilex7() {
    FreshImage.run(Agilex7.class);
  }

  static final class Agilex7 implements Runnable {
    @Override
    public void run() {
      boots(new BootOnBoard("agilex7", 0x0, OPTIONS), 0x410f_d034L, 4);
    }
  }

  @Test
  void givesDom0MemoryOfBothWindowsOfAgilex5() {
    FreshImage.run(BothWindowsOfAgilex5.class);
  }

  static final class BothWindowsOfAgilex5 implements Runnable {
    @Override
    public void run() {
      bootsWithFiveGigabytes("agilex5");
    }
  }

  @Test
  void givesDom0MemoryOfBothWindowsOfAgilex7() {
    FreshImage.run(BothWindowsOfAgilex7.class);
  }

  static final class BothWindowsOfAgilex7 implements Runnable {
    @Override
    public void run() {
      bootsWithFiveGigabytes("agilex7");
    }
  }

  /** More than the window below 4 GiB has. */
  private static void bootsWithFiveGigabytes(String board) {
    BootOnBoard boot =
        new BootOnBoard(board, 0x0, OPTIONS.replace("dom0_mem=2048M", "dom0_mem=5120M"));
    boot.asDom0(guest -> {
      List<Region> windows = memory(boot.board.tree());
      assertEquals(2, windows.size());
      Region firmware =
          boot.board.tree().node("/reserved-memory/svcbuffer@0").registers().getFirst();
      List<Region> banks =
          memory(boot.treeAt(guest.frame().x(0))).stream()
              .filter(bank -> !bank.equals(firmware))
              .toList();
      for (Region window : windows) {
        assertTrue(banks.stream().anyMatch(bank -> contains(window, bank)), window::toString);
      }
      for (Region bank : banks) {
        assertTrue(windows.stream().anyMatch(window -> contains(window, bank)), bank::toString);
        assertOneToOne(bank);
      }
      assertEquals(5L << 30, banks.stream().mapToLong(Region::size).sum());
    });
  }

  /** Linux's tree has the INTID 25 where the number of the PPI belongs. */
  @Test
  void correctsTheMaintenanceInterrupt() {
    FreshImage.run(WrongMaintenance.class);
  }

  static final class WrongMaintenance implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot =
          new BootOnBoard(
              "agilex5", 0x0, OPTIONS, source -> source + "&gic { interrupts = <1 25 4>; };");
      boot.asDom0(guest -> {
        assertTrue(
            boot.console()
                .contains("interrupts: a PPI above 15 can only be an INTID; taken as that"),
            boot.console());
        // More interrupts at once than there are list registers: the rest comes in by it.
        guest.store(boot.board.gic().distributor(), 4, 3);
        guest.enableInterrupts();
        for (int intid = 224 + 32; intid < 224 + 32 + 8; intid++) {
          guest.store(boot.board.gic().distributor() + 0x120, 4, 0xff);
          boot.board.gic().setLine(intid, true);
        }
        int taken = 0;
        while (guest.isInterrupted()) {
          int intid = guest.acknowledge();
          boot.board.gic().setLine(intid, false);
          guest.end(intid);
          taken++;
        }
        assertEquals(8, taken);
      });
    }
  }

  /** A second of a counter of 400 MHz. */
  @Test
  void wakesDom0ByItsTimer() {
    FreshImage.run(TimerOfDom0.class);
  }

  static final class TimerOfDom0 implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = new BootOnBoard("agilex5", 0x200, OPTIONS);
      boot.asDom0(guest -> {
        guest.store(boot.board.gic().distributor(), 4, 3);
        guest.enableInterrupts();
        long start = SysReg.CNTVCT_EL0.read();
        SysReg.CNTV_CVAL_EL0.write(start + 400_000_000);
        SysReg.CNTV_CTL_EL0.write(1);
        guest.waitForInterrupt();
        assertTrue(SysReg.CNTVCT_EL0.read() - start >= 400_000_000);
      });
    }
  }
}
