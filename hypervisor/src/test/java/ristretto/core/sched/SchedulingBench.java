package ristretto.core.sched;

import ristretto.abi.DomctlScheduler;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.TrapControls;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.interrupt.Vgic;
import ristretto.core.mm.FrameSetup;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2m;
import ristretto.core.mm.P2mType;
import ristretto.driver.gic.GicStart;
import ristretto.driver.gic.Gicv3;
import ristretto.driver.gic.Redistributors;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.CpuLocal;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.SimulatedGic;
import ristretto.sim.SimulatedMachine;

/**
 * Frames, an interrupt controller, CPUs that schedule, and domains: all that is below hypercalls.
 * Inside {@code FreshImage}, because CPUs are registered.
 */
public final class SchedulingBench {
  private static final long RAM = 0x4000_0000L;
  private static final long RAM_SIZE = 64L << 20;
  private static final long IMAGE_SIZE = 2L << 20;
  private static final int LINES = 96;

  /** Where the domains have a page of memory: entries of their vCPUs. */
  public static final long ENTRY = 0x8000_0000L;

  public final SimulatedMachine machine;
  private final Gicv3 controller;

  private final int scheduler;

  public SchedulingBench(int cpus) {
    this(cpus, DomctlScheduler.CREDIT2);
  }

  /**
   * Before anything is started.
   *
   * @param scheduler {@code XEN_SCHEDULER_*} of the first pool
   */
  SchedulingBench(int cpus, int scheduler) {
    this.scheduler = scheduler;
    machine = new SimulatedMachine(cpus).ram(RAM, RAM_SIZE).image(RAM, IMAGE_SIZE);
    SimulatedGic.v3(machine, LINES, 4);
    long[] bases = {SimulatedGic.REDISTRIBUTORS};
    long[] sizes = {0x2_0000L * cpus};
    controller = new Gicv3(SimulatedGic.DISTRIBUTOR, new Redistributors(bases, sizes, 0), cpus);
  }

  /** On CPU 0, first of all. Other CPUs are known, but not online. */
  public Cpu start() {
    FrameSetup setup = new FrameSetup();
    setup.addBank(RAM, RAM_SIZE);
    setup.reserve(RAM, IMAGE_SIZE);
    if (!setup.start()) {
      throw new AssertionError();
    }
    for (int i = 0; i < machine.cpuCount(); i++) {
      Cpus.add(new Cpu(i, i, 0, RAM + IMAGE_SIZE - (i + 1) * 4096L));
    }
    CpuLocal.set(Cpus.get(0));
    GenericTimer.setFrequency(0);
    Pools.start(scheduler);
    TrapControls.startThisCpu();
    return online(Interrupts.start(controller));
  }

  /** On another CPU, after {@link #start}. */
  public Cpu startOther(int index) {
    CpuLocal.set(Cpus.get(index));
    TrapControls.startThisCpu();
    return online(Interrupts.startThisCpu());
  }

  /** What vCPUs need to be in a pool, where there is no machine to run them. */
  public static void makeRoom() {
    Placement.READY.open();
  }

  private static Cpu online(GicStart started) {
    if (started != GicStart.STARTED) {
      throw new AssertionError(started.text());
    }
    Cpu cpu = Cpu.current();
    cpu.online = true;
    return cpu;
  }

  /** A domain whose vCPUs are offline. */
  public Domain domain(int id, int vcpus) {
    P2m p2m = new P2m(Frames.newAccount());
    p2m.open();
    Domain domain = new Domain(false, vcpus, Vgic.MAX_LINES, p2m);
    domain.open(id, vcpus);
    if (!domain.addVcpus(vcpus)) {
      throw new AssertionError();
    }
    domain.vgic.reset(3, LINES);
    long frame = Frames.allocate(0, domain.memory, FrameType.RAM);
    p2m.map(ENTRY >>> Frames.SHIFT, frame, 0, P2mType.RAM_RW);
    Domains.add(domain);
    return domain;
  }

  /** Starts a vCPU. */
  public static Vcpu start(Vcpu vcpu) {
    if (!vcpu.start(ENTRY, 0)) {
      throw new AssertionError();
    }
    return vcpu;
  }

  /** CPU {@code index} as the machine has it. */
  public SimulatedCpu cpu(int index) {
    return machine.cpu(index);
  }
}
