package ristretto.sim;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import ristretto.arch.gic.Affinity;
import ristretto.arch.gic.Gicc;
import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.Gicr;
import ristretto.arch.gic.IccSgi1r;
import ristretto.lang.Bits;
import ristretto.machine.Machine;
import ristretto.machine.SysReg;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.gic.CpuInterface;
import ristretto.vdev.gic.CpuInterfaceRegisters;
import ristretto.vdev.gic.DistributorRegisters;
import ristretto.vdev.gic.PhysicalGic;
import ristretto.vdev.gic.RedistributorRegisters;
import ristretto.vdev.gic.VirtualControlRegisters;
import ristretto.vdev.gic.VirtualInterface;

/**
 * The interrupt controller of a {@link SimulatedMachine}: GICv3 or GICv2 on its bus and its CPUs.
 */
public final class SimulatedGic {
  public static final long DISTRIBUTOR = 0x0800_0000L;
  public static final long REDISTRIBUTORS = 0x080a_0000L;
  public static final long CPU_INTERFACE = 0x0801_0000L;
  public static final long VIRTUAL_CONTROL = 0x0803_0000L;

  private static final long FIVE_BITS = 4;

  private final SimulatedMachine machine;
  private final PhysicalGic model;

  /** By INTID of a PPI as Arm recommends them: the one that it is on this board. */
  private final int[] wires = IntStream.range(0, Gicd.FIRST_SPI).toArray();

  /** Where the distributor and GICv3's redistributors are. */
  private final long distributor;

  private final long redistributors;

  private SimulatedGic(
      SimulatedMachine machine,
      int version,
      int lines,
      int listRegisters,
      long distributor,
      long redistributors) {
    this.machine = machine;
    this.distributor = distributor;
    this.redistributors = redistributors;
    int[] affinities = new int[machine.cpuCount()];
    for (int i = 0; i < affinities.length; i++) {
      affinities[i] = Affinity.ofMpidr(machine.cpu(i).register(SysReg.MPIDR_EL1));
    }
    model = new PhysicalGic(version, lines, affinities, listRegisters);
    for (int i = 0; i < affinities.length; i++) {
      connect(machine.cpu(i), model.cpuInterface(i));
    }
  }

  /** A GICv3 with affinities as the CPUs' MPIDR_EL1 has them, where QEMU's {@code virt} has it. */
  public static SimulatedGic v3(SimulatedMachine machine, int lines, int listRegisters) {
    return v3(machine, lines, listRegisters, DISTRIBUTOR, REDISTRIBUTORS);
  }

  /** The same elsewhere; the redistributors are one behind the other in the order of the CPUs. */
  public static SimulatedGic v3(
      SimulatedMachine machine,
      int lines,
      int listRegisters,
      long distributor,
      long redistributors) {
    SimulatedGic gic =
        new SimulatedGic(machine, 3, lines, listRegisters, distributor, redistributors);
    machine.map(distributor, Gicd.SIZE_V3, gic.device(new DistributorRegisters(gic.model)));
    long size = (long) Gicr.SIZE * machine.cpuCount();
    machine.map(redistributors, size, gic.device(new RedistributorRegisters(gic.model)));
    for (int i = 0; i < machine.cpuCount(); i++) {
      gic.connectRegisters(machine.cpu(i), i);
    }
    return gic;
  }

  /** A GICv2 with the Virtualization Extensions, where QEMU's {@code virt} has it. */
  public static SimulatedGic v2(SimulatedMachine machine, int lines, int listRegisters) {
    return v2(machine, lines, listRegisters, DISTRIBUTOR, CPU_INTERFACE, VIRTUAL_CONTROL);
  }

  /** The same elsewhere. */
  public static SimulatedGic v2(
      SimulatedMachine machine,
      int lines,
      int listRegisters,
      long distributor,
      long cpuInterface,
      long virtualControl) {
    SimulatedGic gic = new SimulatedGic(machine, 2, lines, listRegisters, distributor, 0);
    machine.map(distributor, Gicd.SIZE_V2, gic.device(new DistributorRegisters(gic.model)));
    machine.map(cpuInterface, Gicc.SIZE, gic.device(new CpuInterfaceRegisters(gic.model)));
    machine.map(virtualControl, 0x1000, gic.device(new VirtualControlRegisters(gic.model)));
    return gic;
  }

  public long distributor() {
    return distributor;
  }

  public long redistributors() {
    return redistributors;
  }

  /** Makes the timers' and the maintenance interrupt others than Arm recommends. */
  public SimulatedGic wire(int maintenance, int hypervisorTimer, int virtualTimer) {
    model.wireMaintenance(maintenance);
    wires[GenericTimer.PPI_EL2_PHYSICAL] = hypervisorTimer;
    wires[GenericTimer.PPI_VIRTUAL] = virtualTimer;
    return this;
  }

  public PhysicalGic model() {
    return model;
  }

  public VirtualInterface virtualInterface(int cpu) {
    return model.virtualInterface(cpu);
  }

  /** {@code device} told which CPU makes each access. */
  private MmioDevice device(MmioDevice device) {
    return new MmioDevice() {
      @Override
      public long read(int offset, int size) {
        model.accessBy(currentCpu());
        return device.read(offset, size);
      }

      @Override
      public void write(int offset, int size, long value) {
        model.accessBy(currentCpu());
        device.write(offset, size, value);
      }
    };
  }

  private static int currentCpu() {
    return ((SimulatedCpu) Machine.current()).index();
  }

  private void connect(SimulatedCpu cpu, CpuInterface to) {
    to.connect(cpu);
    cpu.connectPpis((number, level) -> model.setPrivateLine(cpu.index(), wires[number], level));
    cpu.onRead(SysReg.ISR_EL1, () -> Bits.with(0, 7, cpu.interruptPending()));
  }

  private void connectRegisters(SimulatedCpu cpu, int index) {
    CpuInterface physical = model.cpuInterface(index);
    cpu.onRead(SysReg.ICC_IAR1_EL1, physical::acknowledge);
    cpu.onWrite(SysReg.ICC_EOIR1_EL1, value -> physical.end((int) value));
    cpu.onWrite(SysReg.ICC_DIR_EL1, value -> physical.deactivate((int) value));
    both(cpu, SysReg.ICC_PMR_EL1, physical::mask, value -> physical.setMask((int) value));
    cpu.onWrite(SysReg.ICC_BPR1_EL1, value -> {});
    cpu.onWrite(SysReg.ICC_CTLR_EL1, value -> physical.setDropOnly(Bits.isSet(value, 1)));
    cpu.onWrite(SysReg.ICC_IGRPEN1_EL1, value -> physical.setEnabled(Bits.isSet(value, 0)));
    cpu.onWrite(SysReg.ICC_SGI1R_EL1, value -> model.generateSgi(index, new IccSgi1r(value)));
    connectVirtual(cpu, model.virtualInterface(index));
  }

  private static void connectVirtual(SimulatedCpu cpu, VirtualInterface view) {
    long vtr = Bits.put(Bits.put((long) view.count() - 1, 28, 26, FIVE_BITS), 31, 29, FIVE_BITS);
    cpu.onRead(SysReg.ICH_VTR_EL2, () -> vtr);
    both(cpu, SysReg.ICH_HCR_EL2, view::hcr, value -> view.setHcr((int) value));
    both(
        cpu,
        SysReg.ICH_VMCR_EL2,
        () -> Integer.toUnsignedLong(view.vmcr()),
        value -> view.setVmcr((int) value));
    both(
        cpu,
        SysReg.ICH_AP1R0_EL2,
        () -> Integer.toUnsignedLong(view.activePriorities()),
        value -> view.setActivePriorities((int) value));
    cpu.onWrite(SysReg.ICH_AP0R0_EL2, value -> {});
    cpu.onRead(SysReg.ICH_ELRSR_EL2, view::empty);
    cpu.onRead(SysReg.ICH_EISR_EL2, view::ended);
    for (int n = 0; n < view.count(); n++) {
      int number = n;
      SysReg register = SysReg.valueOf("ICH_LR" + n + "_EL2");
      both(
          cpu,
          register,
          () -> view.listRegister(number),
          value -> view.setListRegister(number, value));
    }
  }

  private static void both(
      SimulatedCpu cpu, SysReg register, LongSupplier read, LongConsumer write) {
    cpu.onRead(register, read);
    cpu.onWrite(register, write);
  }

  /** Drives the wire of SPI {@code intid}. */
  public void setLine(int intid, boolean level) {
    model.setLine(intid, level);
  }

  /** The machine that this controller is part of. */
  public SimulatedMachine machine() {
    return machine;
  }
}
