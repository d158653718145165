package ristretto.core.boot;

import ristretto.abi.Errno;
import ristretto.core.console.Log;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameSetup;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAccount;
import ristretto.core.mm.P2m;
import ristretto.core.mm.P2mType;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * Makes Dom0. The constructor only decides, with RAM mapped and before {@link Frames} hands any of
 * it out: {@link #memory} is then to be reserved for Dom0, modules and all. {@link #build} does it.
 */
public final class Dom0Builder {
  private final BootInfo info;
  private final NodeRoles roles;
  private final KernelImage kernel;
  private final int vcpus;
  private final Dom0Layout layout;
  private final Dom0Regions regions;

  /**
   * Decides where Dom0 is.
   *
   * @throws BootException if the kernel is none that can be started, or Dom0 does not fit
   */
  @BootOnly
  public Dom0Builder(BootInfo info) {
    this.info = info;
    this.roles = new NodeRoles(info);
    RangeList free = info.freeMemory();
    if (free.count() == 0) {
      throw new BootException("no RAM is free");
    }
    this.vcpus = Dom0Cpus.count(info);
    this.kernel = inspectKernel(free.base(0));
    this.layout =
        new Dom0Layout(
            available(free),
            kernel,
            info.ramdisk,
            info.commandLine.dom0Memory(),
            Dom0DeviceTree.capacity(info.tree, vcpus));
    this.regions = new Dom0Regions(info, layout.banks);
    if (!info.commandLine.isDom0MemoryGiven()) {
      info.reports.add(
          new BootMessage("command line: no dom0_mem: Dom0 gets ")
              .dec(layout.size >> 20)
              .text(" MiB"));
    }
  }

  @BootOnly
  private KernelImage inspectKernel(long scratch) {
    try {
      return KernelImage.inspect(info.kernel, scratch);
    } catch (BootException e) {
      throw ofKernel(e);
    }
  }

  /** The complaint with the node that the kernel came from. */
  @BootOnly
  private BootException ofKernel(BootException e) {
    BootMessage message = info.tree.path(new BootMessage("device tree: "), info.kernel.node);
    return new BootException(message.text(": ").text(e.reason()));
  }

  /** Free RAM and the places of the modules. */
  @BootOnly
  private RangeList available(RangeList free) {
    RangeList available = free.copy();
    available.add(info.kernel.base, info.kernel.size);
    BootModule ramdisk = info.ramdisk;
    if (ramdisk != null) {
      available.add(ramdisk.base, ramdisk.size);
    }
    return available;
  }

  /** Dom0's RAM. Reserve it, and the modules, before frames are handed out. */
  public RangeList memory() {
    return layout.banks;
  }

  /** Dom0, its first vCPU ready to run. Frames, CPUs and interrupts have been started. */
  @BootOnly
  public Domain build() {
    Log.info().text("*** LOADING DOMAIN 0 ***").end();
    P2m p2m = memorySpace();
    Dom0Devices devices = new Dom0Devices(info, roles);
    info.reports.show();
    mapDevices(p2m, devices);
    devices.publish();
    load();
    int size =
        new Dom0DeviceTree(info, roles, vcpus, layout.deviceTreeBase)
            .write(layout, regions, Domain.DOM0_EVENT_INTERRUPT);
    Handover.publish(layout.deviceTreeBase, size);
    Log.info()
        .text("Dom0's device tree: ")
        .dec(size)
        .text(" bytes at ")
        .hex(layout.deviceTreeBase)
        .end();
    Domain domain = new Dom0Cpus(info, p2m, devices).make(vcpus);
    releaseModules();
    domain.vcpus[0].start(kernel.entry(layout.kernelBase), layout.deviceTreeBase);
    return domain;
  }

  /** Stage 2 with Dom0's RAM and reserved memory. */
  @BootOnly
  private P2m memorySpace() {
    MemoryAccount account = Frames.newAccount();
    P2m p2m = new P2m(account);
    check(p2m.open(), "no memory for the first table", 0);
    for (int i = 0; i < layout.banks.count(); i++) {
      long base = layout.banks.base(i);
      long size = layout.banks.size(i);
      FrameSetup.adopt(base, size, account);
      check(map(p2m, base, size), "its RAM", base);
      Log.info()
          .text("BANK[")
          .dec(i)
          .text("] ")
          .hex(base)
          .text("-")
          .hex(base + size)
          .text(" (")
          .dec(size >> 20)
          .text("MB)")
          .end();
    }
    long pools = mapReservedMemory(p2m, account);
    long limit = Math.max(layout.size, info.commandLine.dom0MaximumMemory()) + pools;
    account.setMemoryLimit(limit >>> Frames.SHIFT);
    return p2m;
  }

  /**
   * Reserved memory that may be mapped is a pool of ordinary pages for Linux, which come by as
   * arguments like any others. The rest is for devices; EL2 does not map it and never touches it.
   * Returns the bytes of the pools, which Dom0 has beside its banks.
   */
  @BootOnly
  private long mapReservedMemory(P2m p2m, MemoryAccount account) {
    RangeList reserved = info.memory.reserved.alignedOutwards(Frames.SIZE);
    reserved.removeAll(layout.banks);
    reserved.remove(info.imageBase, info.imageSize);
    RangeList forDevices = reserved.copy();
    forDevices.removeAll(info.memory.mappable().alignedInwards(Frames.SIZE));
    RangeList pools = reserved;
    pools.removeAll(forDevices);
    for (int i = 0; i < pools.count(); i++) {
      FrameSetup.adopt(pools.base(i), pools.size(i), account);
      check(map(p2m, pools.base(i), pools.size(i)), "reserved memory", pools.base(i));
    }
    for (int i = 0; i < forDevices.count(); i++) {
      long frame = forDevices.base(i) >>> Frames.SHIFT;
      long count = forDevices.size(i) >>> Frames.SHIFT;
      check(
          p2m.mapRange(frame, frame, count, P2mType.RESERVED),
          "reserved memory",
          forDevices.base(i));
    }
    return pools.total();
  }

  private static long map(P2m p2m, long base, long size) {
    long frame = base >>> Frames.SHIFT;
    return p2m.mapRange(frame, frame, size >>> Frames.SHIFT, P2mType.RAM_RW);
  }

  /** Registers 1:1; with a GICv2 the virtual CPU interface where the real one is. */
  @BootOnly
  private void mapDevices(P2m p2m, Dom0Devices devices) {
    long limit = p2m.gfnLimit() << Frames.SHIFT;
    RangeList windows = devices.windows;
    for (int i = 0; i < windows.count(); i++) {
      long base = windows.base(i);
      long end = Math.min(windows.end(i), limit);
      if (base < end) {
        check(p2m.mapDevice(base, base, end - base), "a device", base);
      }
      if (end < windows.end(i)) {
        Log.warn()
            .text("Dom0 cannot reach the device registers at ")
            .hex(Math.max(base, limit))
            .text(": beyond its physical address space")
            .end();
      }
    }
    GicInfo gic = info.gic;
    if (gic.version == 2) {
      long size = Math.min(gic.cpuInterfaceSize, gic.virtualCpuInterfaceSize);
      check(
          p2m.mapDevice(gic.cpuInterface, gic.virtualCpuInterface, size),
          "the CPU interface of the interrupt controller",
          gic.cpuInterface);
    }
  }

  /** Moves what could not stay. */
  @BootOnly
  private void load() {
    if (!layout.kernelStays) {
      try {
        kernel.load(layout.kernelBase);
      } catch (BootException e) {
        throw ofKernel(e);
      }
    }
    say("kernel", info.kernel.base, layout.kernelBase, layout.kernelStays);
    BootModule ramdisk = info.ramdisk;
    if (ramdisk != null) {
      if (!layout.ramdiskStays) {
        Memory.copy(layout.ramdiskBase, ramdisk.base, ramdisk.size);
      }
      say("ramdisk", ramdisk.base, layout.ramdiskBase, layout.ramdiskStays);
    }
  }

  private static void say(String what, long from, long to, boolean stays) {
    if (stays) {
      Log.info().text("Dom0's ").text(what).text(" stays at ").hex(from).end();
    } else {
      Log.info()
          .text("Dom0's ")
          .text(what)
          .text(" moves from ")
          .hex(from)
          .text(" to ")
          .hex(to)
          .end();
    }
  }

  /** Where modules were that Dom0 does not own; freed memory is cleared before it is used again. */
  @BootOnly
  private void releaseModules() {
    RangeList left = new RangeList();
    left.add(info.kernel.base, info.kernel.size);
    BootModule ramdisk = info.ramdisk;
    if (ramdisk != null) {
      left.add(ramdisk.base, ramdisk.size);
    }
    left = left.alignedInwards(Frames.SIZE);
    left.removeAll(layout.banks);
    for (int i = 0; i < left.count(); i++) {
      FrameSetup.release(left.base(i), left.size(i));
    }
  }

  @BootOnly
  private static void check(long result, String what, long address) {
    if (result != Errno.OK) {
      BootMessage message = new BootMessage("Dom0: ").text(what).text(" at ").hex(address);
      throw new BootException(
          message.text(
              result == Errno.ENOMEM
                  ? ": no memory for the tables that map it"
                  : ": cannot be mapped, or overlaps something"));
    }
  }
}
