package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Consumer;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2m;
import ristretto.core.time.GuestTimer;
import ristretto.driver.gic.Gic;
import ristretto.driver.gic.GicStart;
import ristretto.driver.gic.Gicv2;
import ristretto.driver.gic.Gicv3;
import ristretto.driver.gic.Redistributors;
import ristretto.machine.CpuLocal;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedGic;
import ristretto.sim.SimulatedMachine;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.gic.VirtualInterface;

/** A simulated machine with an interrupt controller, its driver, and a domain on top. */
final class GicBench {
  static final int LINES = 96;
  private static final long RAM = 0x4000_0000L;

  final SimulatedMachine machine;
  final SimulatedGic gic;
  final Gic driver;
  private final int version;

  /** Affinities as on Agilex 5 with an A76 as boot CPU: Aff1 2, 3, 0, 1. */
  GicBench(int version, int cpus, int listRegisters) {
    this.version = version;
    machine = new SimulatedMachine(cpus).ram(RAM, 1 << 20).image(RAM, 1 << 20);
    for (int i = 0; i < cpus; i++) {
      machine.cpu(i).setRegister(SysReg.MPIDR_EL1, 0x8000_0000L | (i + 2) % 4 << 8);
    }
    if (version == 3) {
      gic = SimulatedGic.v3(machine, LINES, listRegisters);
      long[] bases = {SimulatedGic.REDISTRIBUTORS};
      long[] sizes = {0x2_0000L * cpus};
      driver = new Gicv3(SimulatedGic.DISTRIBUTOR, new Redistributors(bases, sizes, 0), cpus);
    } else {
      gic = SimulatedGic.v2(machine, LINES, listRegisters);
      driver =
          new Gicv2(
              SimulatedGic.DISTRIBUTOR,
              SimulatedGic.CPU_INTERFACE,
              SimulatedGic.VIRTUAL_CONTROL,
              cpus);
    }
  }

  /** Runs {@code body} on CPU 0 with the controller started. */
  void run(Consumer<Cpu> body) {
    machine.run(() -> body.accept(startFirst()));
  }

  Cpu startFirst() {
    Cpu cpu = new Cpu(0, 0, 0, 0);
    CpuLocal.set(cpu);
    assertEquals(GicStart.STARTED, Interrupts.start(driver));
    return cpu;
  }

  static Cpu startOther(int index) {
    Cpu cpu = new Cpu(index, 0, 0, 0);
    CpuLocal.set(cpu);
    assertEquals(GicStart.STARTED, Interrupts.startThisCpu());
    return cpu;
  }

  /** A domain whose vCPUs may run; call on a CPU. */
  Domain domain(int vcpus) {
    Domain domain = new Domain(false, vcpus, Vgic.MAX_LINES, new P2m(Frames.hypervisor()));
    domain.open(1, vcpus);
    domain.vcpuCount = vcpus;
    for (int i = 0; i < vcpus; i++) {
      domain.vcpus[i].open(RAM + 0x1000L * (i + 1), Cpu.current());
      domain.vcpus[i].pauses.set(0);
    }
    domain.vgic.reset(version, LINES);
    return domain;
  }

  /** What ContextSwitch does, for interrupts and timers. */
  static void load(Vcpu vcpu) {
    Cpu cpu = Cpu.current();
    unload();
    cpu.vcpu = vcpu;
    vcpu.loadedOn = cpu;
    Vgic.onLoad(vcpu);
    GuestTimer.onLoad(vcpu);
  }

  static void unload() {
    Cpu cpu = Cpu.current();
    Vcpu vcpu = cpu.vcpu;
    if (vcpu != null) {
      GuestTimer.onSave(vcpu);
      Vgic.onSave(vcpu);
      cpu.vcpu = null;
      vcpu.loadedOn = null;
    }
  }

  /** Takes physical interrupts as long as the CPU's input is high. */
  void takeInterrupts() {
    int limit = 100;
    while (machine.cpu(Cpu.current().index).interruptPending()) {
      Interrupts.handlePending();
      limit--;
      assertEquals(true, limit > 0, "an interrupt that nobody quiets");
    }
  }

  VirtualInterface guest() {
    return gic.virtualInterface(Cpu.current().index);
  }

  /** The guest switches its distributor and its CPU interface on. */
  void enableGuest(Domain domain) {
    domain.vgic.distributor().write(0, 4, 3);
    guest().guestEnables(0xf8);
  }

  /** The block that has the guest's private interrupts, and where they start in it. */
  MmioDevice privateBlock(Domain domain) {
    return version == 3 ? domain.vgic.redistributors() : domain.vgic.distributor();
  }

  int privateOffset(int vcpu) {
    return version == 3 ? 0x2_0000 * vcpu + 0x1_0000 : 0;
  }

  void block(Vcpu vcpu) {
    vcpu.pauses.set(PauseReason.BLOCKED);
  }
}
