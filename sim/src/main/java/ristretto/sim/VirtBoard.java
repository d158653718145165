package ristretto.sim;

import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;
import ristretto.vdev.uart.Pl011Model;

/**
 * A board in the shape of QEMU's {@code virt}: RAM at 1 GiB, a PL011, a GIC, PSCI; the addresses
 * and interrupts are QEMU's (docs/system/arm/virt.rst, hw/arm/virt.c's memory map). PCI, virtio,
 * flash and the RTC are left out.
 */
public final class VirtBoard {
  public static final long RAM = 0x4000_0000L;

  /** Where QEMU loads an arm64 Image: 2 MiB into RAM. */
  public static final long IMAGE = RAM + 0x20_0000;

  /** More than the image has, so that each part of it has room in the simulation. */
  public static final long IMAGE_SIZE = 0x80_0000;

  public static final long UART = 0x0900_0000L;
  private static final int UART_INTID = 33;
  private static final int UART_SIZE = 0x1000;
  private static final int FIRST_PPI = 16;
  private static final int LINES = 288;
  private static final int LIST_REGISTERS = 4;

  private final SimulatedMachine machine;
  private final SimulatedGic gic;
  private final Pl011Model uart;
  private final StringBuilder shown = new StringBuilder();
  private final long ramSize;
  private final int gicVersion;
  private String more = "";
  private int maintenance = 25;
  private int hypervisorTimer = 26;
  private int virtualTimer = 27;
  private String timerProperties = "";

  /** {@code ramSize} is a multiple of 256 KiB; {@code gicVersion} is 2 or 3. */
  public VirtBoard(int cpus, long ramSize, int gicVersion) {
    this.ramSize = ramSize;
    this.gicVersion = gicVersion;
    machine = new SimulatedMachine(cpus).ram(RAM, ramSize).image(IMAGE, IMAGE_SIZE);
    machine.symbol(ImageSymbol.ENABLE_MMU, ImageSymbol.LINK_BASE); // code, as in the image
    gic =
        gicVersion == 2
            ? SimulatedGic.v2(machine, LINES, LIST_REGISTERS)
            : SimulatedGic.v3(machine, LINES, LIST_REGISTERS);
    uart = new Pl011Model(level -> gic.setLine(UART_INTID, level), this::show);
    machine.map(UART, UART_SIZE, uart);
  }

  private void show(int b) {
    shown.append((char) b);
  }

  /** Other INTIDs than Arm recommends, all of PPIs. */
  public VirtBoard wire(int maintenanceIntid, int hypervisorTimerIntid, int virtualTimerIntid) {
    maintenance = maintenanceIntid;
    hypervisorTimer = hypervisorTimerIntid;
    virtualTimer = virtualTimerIntid;
    gic.wire(maintenance, hypervisorTimer, virtualTimer);
    return this;
  }

  /** Firmware leaves CNTFRQ_EL0 0; {@code properties} of the timer node may say more. */
  public VirtBoard withoutCounterFrequency(String properties) {
    for (int i = 0; i < machine.cpuCount(); i++) {
      machine.cpu(i).setRegister(SysReg.CNTFRQ_EL0, 0);
    }
    timerProperties = properties;
    return this;
  }

  public SimulatedMachine machine() {
    return machine;
  }

  public SimulatedGic gic() {
    return gic;
  }

  /** Everything that the UART has sent. */
  public String console() {
    return shown.toString();
  }

  /** Types at the other end of the UART; what its FIFO cannot hold is lost. */
  public void type(String text) {
    text.chars().forEach(uart::receive);
  }

  /** Puts a file into RAM as a boot loader does. */
  public VirtBoard load(long address, byte[] file) {
    machine.write(address, file);
    return this;
  }

  /** More nodes under the root of the device tree, as source. */
  public VirtBoard nodes(String source) {
    more = source;
    return this;
  }

  /** Device tree source of the board; {@code chosen} is the content of /chosen. */
  public String treeSource(String chosen) {
    StringBuilder cpus = new StringBuilder();
    for (int i = 0; i < machine.cpuCount(); i++) {
      cpus.append(
          """
              cpu@%x { device_type = "cpu"; compatible = "arm,cortex-a76"; reg = <%d>; enable-method = "psci"; };
          """
              .formatted(i, i));
    }
    return """
    /dts-v1/;
    / {
      model = "simulated virt";
      compatible = "linux,dummy-virt";
      #address-cells = <2>;
      #size-cells = <2>;
      interrupt-parent = <&gic>;
      aliases { serial0 = "/pl011@9000000"; };
      psci { compatible = "arm,psci-1.0", "arm,psci-0.2"; method = "smc"; };
      memory@40000000 { device_type = "memory"; reg = <0 0x%x %d 0x%x>; };
      cpus {
        #address-cells = <1>;
        #size-cells = <0>;
    %s  };
      timer {
        compatible = "arm,armv8-timer"; always-on;
        interrupts = <1 13 4>, <1 14 4>, <1 %d 4>, <1 %d 4>; %s
      };
    %s
      clock: apb-pclk { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };
      pl011@9000000 {
        compatible = "arm,pl011", "arm,primecell"; reg = <0 0x9000000 0 0x1000>;
        interrupts = <0 1 4>; clocks = <&clock>, <&clock>; clock-names = "uartclk", "apb_pclk";
      };
      chosen {
    %s
      };
    %s
    };
    """
        .formatted(
            RAM,
            ramSize >>> 32,
            ramSize & 0xffff_ffffL,
            cpus,
            virtualTimer - FIRST_PPI,
            hypervisorTimer - FIRST_PPI,
            timerProperties,
            gicSource(),
            chosen,
            more);
  }

  private String gicSource() {
    String compatible = gicVersion == 2 ? "arm,cortex-a15-gic" : "arm,gic-v3";
    String registers =
        gicVersion == 2
            ? "<0 0x8000000 0 0x10000>, <0 0x8010000 0 0x10000>, <0 0x8030000 0 0x10000>,"
                + " <0 0x8040000 0 0x10000>"
            : "<0 0x8000000 0 0x10000>, <0 0x80a0000 0 0x%x>"
                .formatted(0x20000 * machine.cpuCount());
    return """
      gic: intc@8000000 {
        compatible = "%s"; interrupt-controller; #interrupt-cells = <3>;
        reg = %s; interrupts = <1 %d 4>; #redistributor-regions = <1>;
        #address-cells = <2>; #size-cells = <2>; ranges;
      };
    """
        .formatted(compatible, registers, maintenance - FIRST_PPI);
  }
}
