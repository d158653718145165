package ristretto.image;

import ristretto.arch.TrapFrame;
import ristretto.core.boot.BootInfo;
import ristretto.core.boot.CommandLine;
import ristretto.core.boot.Dom0Builder;
import ristretto.core.boot.LoaderTree;
import ristretto.core.boot.RangeList;
import ristretto.core.boot.TimerInfo;
import ristretto.core.console.Console;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.CpuStacks;
import ristretto.core.cpu.Cpus;
import ristretto.core.cpu.PhysicalPsci;
import ristretto.core.cpu.SecondaryCpus;
import ristretto.core.debug.DebugReports;
import ristretto.core.domain.CpuClasses;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.GuestPlatform;
import ristretto.core.domain.IdRegisters;
import ristretto.core.domain.MachinePower;
import ristretto.core.domain.TrapControls;
import ristretto.core.hypercall.VersionText;
import ristretto.core.hypercall.XenInterface;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.mm.FrameSetup;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.Stage1;
import ristretto.core.sched.Pools;
import ristretto.core.sched.Scheduler;
import ristretto.core.trap.FaultHandler;
import ristretto.core.trap.SipFirewall;
import ristretto.driver.gic.GicStart;
import ristretto.driver.timer.GenericTimer;
import ristretto.fdt.Text;
import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.BootHeap;
import ristretto.machine.CpuLocal;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;

/**
 * The order of the boot, on the boot CPU: the console first, so that everything later can complain;
 * then memory, CPUs, interrupts, Dom0; then no more allocation.
 */
final class Boot {
  /** Bytes of the objects of Dom0 with the most vCPUs, at most: what is not used is given back. */
  private static final long HEAP_BASE = 288 << 10;

  /** Bytes of one more domain: 28 KiB with 288 interrupt lines, and more of them cost more. */
  private static final long HEAP_PER_DOMAIN = 64 << 10;

  /** INTIDs that a domain can have on any machine: also those of devices that are only emulated. */
  private static final int FEWEST_LINES = 96;

  private final long deviceTree;
  private final long load;
  private final MainHeap heap = new MainHeap();

  @BootOnly
  Boot(long deviceTree, long load) {
    this.deviceTree = deviceTree;
    this.load = load;
  }

  /** Returns the frame of the first vCPU to run. */
  @BootOnly
  TrapFrame run() {
    LoaderTree loader = new LoaderTree(deviceTree);
    Stage1.start(deviceTree, loader.tree.size());
    boolean timeKnown = GenericTimer.setFrequency(TimerInfo.frequency(loader.tree));
    ConsoleStart console = new ConsoleStart(loader);
    loader.reports.show();
    check(
        timeKnown, "device tree: the timer has no clock-frequency, and firmware left CNTFRQ_EL0 0");
    BootInfo info = new BootInfo(loader, load, imageSize(), SysReg.MPIDR_EL1.read());
    report(info);
    mapMemory(info);
    Dom0Builder builder = new Dom0Builder(info);
    startFrames(info, builder.memory(), console);
    if (info.commandLine.nativeWaitForInterrupt()) {
      Domain.waitNatively();
    }
    Cpu cpu = startCpus(info);
    startInterrupts(info);
    startScheduling(info);
    FaultHandler.start();
    DebugReports.register(Console.system().keys());
    console.takeInput();
    check(
        SecondaryCpus.start() || info.pools.count() == 1,
        "a CPU that the device tree puts into a pool does not start");
    MachinePower.configure(info.commandLine.noReboot());
    XenInterface.start(text(loader.chosen.hypervisorArguments()), info.commandLine.xenRelease());
    Scheduler.open(cpu); // Dom0's first vCPU is its
    CpuClasses.form(info.commandLine.heterogeneous());
    Domain dom0 = builder.build();
    check(
        XenInterface.open(dom0, info.commandLine.grantFrames(), info.commandLine.maptrackFrames()),
        "no room for what Dom0 shares with the hypervisor");
    GuestPlatform.configure(info.gic.version, info.gic.virtualCpuInterface, info.timer.frequency);
    int domains = Domains.roomFor(info.memory.ram.total());
    int lines = Math.max(FEWEST_LINES, (int) Bits.alignUp(Interrupts.gic().lines(), 32));
    Domains.makeRoom(domains, lines);
    releaseDeviceTree(info);
    long objects = BootHeap.used();
    heap.close();
    Log.info()
        .text("*** Ristretto has room for ")
        .dec(domains)
        .text(" domains beside Dom0, ")
        .dec(objects >>> 10)
        .text(" KiB of objects, ")
        .dec(Frames.freeCount() >>> 8)
        .text(" MiB free; starting Dom0 with ")
        .dec(dom0.vcpuCount)
        .text(" vCPUs")
        .end();
    console.giveInput();
    Frames.openToIdleCpus();
    return Scheduler.choose(cpu);
  }

  @BootOnly
  private static VersionText text(Text line) {
    VersionText text = new VersionText(line.length);
    for (int i = 0; i < line.length; i++) {
      text.put(i, line.at(i));
    }
    return text;
  }

  private static long imageSize() {
    return ImageSymbol.IMAGE_END.address() - ImageSymbol.LINK_BASE;
  }

  @BootOnly
  private void report(BootInfo info) {
    Log.info()
        .text("image at ")
        .hex(load)
        .text(", device tree at ")
        .hex(deviceTree)
        .text(", ")
        .dec(info.cpus.length)
        .text(" CPUs, this one with MPIDR ")
        .hex(info.cpus[0].mpidr)
        .text(", GICv")
        .dec(info.gic.version)
        .text(", RAM ")
        .dec(info.memory.ram.total() >>> 20)
        .text(" MiB")
        .end();
    info.reports.show();
  }

  @BootOnly
  private void mapMemory(BootInfo info) {
    RangeList usable = info.memory.mappable();
    usable.remove(load, imageSize());
    for (int i = 0; i < usable.count(); i++) {
      Stage1.mapRam(usable.base(i), usable.size(i));
    }
  }

  /** Hands out what is free, but for what Dom0 is to have. */
  @BootOnly
  private void startFrames(BootInfo info, RangeList dom0, ConsoleStart console) {
    FrameSetup setup = new FrameSetup();
    RangeList ram = info.memory.ram;
    for (int i = 0; i < ram.count(); i++) {
      check(
          setup.addBank(ram.base(i), ram.size(i)), "more banks of RAM than the frame table holds");
    }
    RangeList taken = ram.copy();
    taken.removeAll(info.freeMemory());
    taken.addAll(dom0);
    for (int i = 0; i < taken.count(); i++) {
      check(setup.reserve(taken.base(i), taken.size(i)), "too many reserved ranges of RAM");
    }
    check(setup.start(), "no room for the frame table");
    long domains = Domains.roomFor(ram.total());
    check(
        heap.take(HEAP_BASE + HEAP_PER_DOMAIN * domains + console.ringGrowth()),
        "no room for the hypervisor's objects");
    console.growRing();
  }

  /** The loader's tree has been read for the last time. What firmware reserved stays reserved. */
  @BootOnly
  private void releaseDeviceTree(BootInfo info) {
    RangeList left = new RangeList();
    left.add(deviceTree, info.tree.size());
    left = left.alignedInwards(Frames.SIZE);
    left.removeAll(info.memory.reserved);
    for (int i = 0; i < left.count(); i++) {
      FrameSetup.release(left.base(i), left.size(i));
    }
  }

  @BootOnly
  private static Cpu startCpus(BootInfo info) {
    int count = info.cpusToUse();
    for (int i = 0; i < count; i++) {
      long scratch = Frames.allocate(0, Frames.hypervisor(), FrameType.PRIVATE);
      check(scratch >= 0, "no room for the CPUs");
      Cpus.add(new Cpu(i, info.cpus[i].mpidr, CpuStacks.top(i), scratch << Frames.SHIFT));
    }
    Cpu boot = Cpus.get(0);
    CpuLocal.set(boot);
    PhysicalPsci.configure(info.psci.usable, info.psci.cpuOn);
    SipFirewall.configure(info.hasSipServices());
    IdRegisters.offerGicSystemRegisters(info.gic.version == 3);
    TrapControls.startThisCpu();
    return boot;
  }

  @BootOnly
  private static void startScheduling(BootInfo info) {
    CommandLine line = info.commandLine;
    Pools.configure(line.rateLimit(), line.migrateResist(), line.capPeriod());
    Pools.start(info.pools.scheduler(0));
    for (int i = 1; i < info.pools.count(); i++) {
      Pools.divide(i, info.pools.cpus(i), info.pools.scheduler(i));
    }
  }

  @BootOnly
  private static void startInterrupts(BootInfo info) {
    Interrupts.wire(info.gic.maintenance, info.timer.hypervisor, info.timer.virtual);
    GicStart started = Interrupts.start(InterruptController.of(info.gic));
    check(started == GicStart.STARTED, started.text());
  }

  @BootOnly
  private static void check(boolean held, String problem) {
    if (!held) {
      throw new BootException(new BootMessage(problem));
    }
  }
}
