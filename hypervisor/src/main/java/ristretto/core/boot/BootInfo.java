package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpus;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtValues;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * Everything that the loader told us, read from its device tree and checked. Reading needs the tree
 * alone to be mapped, and no frames.
 */
public final class BootInfo {
  public final Fdt tree;

  /** Where the image is: physical address and size with everything that is not in the file. */
  public final long imageBase;

  public final long imageSize;

  /** Notes for the console, once there is one. */
  public final Reports reports;

  public final Chosen chosen;
  public final CommandLine commandLine;
  public final MemoryMap memory;

  /** The usable CPUs; the one that booted is the first. */
  public final BootCpu[] cpus;

  /** What the loader puts these into. */
  public final CpuPools pools;

  public final GicInfo gic;
  public final TimerInfo timer;
  public final PsciInfo psci;

  /** Dom0's kernel. */
  public final BootModule kernel;

  /** Dom0's ramdisk, or null. */
  public final @Nullable BootModule ramdisk;

  /** The console's UART; null if there is none. */
  public final @Nullable UartInfo uart;

  /**
   * Reads the rest of the tree, and refuses modules that are not in RAM, or overlap each other, the
   * image, the device tree or reserved memory.
   *
   * @param imageBase physical address at which the image was loaded
   * @param imageSize its bytes in RAM
   * @param mpidr MPIDR_EL1 of the CPU that runs this
   * @throws BootException with the node and the reason if we cannot go on with this tree
   */
  @BootOnly
  public BootInfo(LoaderTree loader, long imageBase, long imageSize, long mpidr) {
    this.tree = loader.tree;
    this.imageBase = imageBase;
    this.imageSize = imageSize;
    this.reports = loader.reports;
    this.chosen = loader.chosen;
    this.commandLine = loader.commandLine;
    this.uart = loader.uart;
    this.memory = new MemoryMap(tree, reports);
    this.cpus = new CpuNodes(tree, reports).read(mpidr);
    this.pools = new CpuPools(tree, chosen.node(), cpus, cpusToUse(), commandLine.scheduler());
    this.gic = new GicInfo(tree, reports);
    this.timer = new TimerInfo(tree);
    checkPrivateInterrupts();
    this.psci = new PsciInfo(tree, reports);
    this.kernel = chosen.kernel();
    this.ramdisk = chosen.ramdisk();
    checkModules();
  }

  /** The secure monitor has the services of Agilex: Trusted Firmware-A, plat/intel/soc. */
  @BootOnly
  public boolean hasSipServices() {
    return psci.usable
        && (FdtValues.isCompatible(tree, tree.root(), "intel,socfpga-agilex")
            || FdtValues.isCompatible(tree, tree.root(), "intel,socfpga-agilex5"));
  }

  /** CPUs that this machine has, {@code maxcpus} allows, and the hypervisor can use. */
  public int cpusToUse() {
    return Math.min(cpus.length, Math.min(commandLine.maxCpus(), Cpus.MAXIMUM));
  }

  /** Those of {@link #cpusToUse} that the tree calls what it calls the boot CPU. */
  @BootOnly
  int cpusOfBootClass() {
    int like = 0;
    while (like < cpusToUse() && CpuNodes.isLike(tree, cpus[like], cpus[0])) {
      like++;
    }
    return like;
  }

  @BootOnly
  private void checkPrivateInterrupts() {
    if (timer.virtual == timer.hypervisor
        || timer.virtual == gic.maintenance
        || timer.hypervisor == gic.maintenance) {
      throw tree.refuse(
          timer.node, "interrupts: two of the timers and the interrupt controller share one");
    }
  }

  @BootOnly
  private void checkModules() {
    inRam("the hypervisor", FdtNode.none(), imageBase, imageSize);
    inRam("the device tree", FdtNode.none(), tree.address, tree.size());
    place("Dom0's kernel", kernel);
    if (ramdisk != null) {
      place("Dom0's ramdisk", ramdisk);
      if (overlap(ramdisk, kernel.base, kernel.size)) {
        throw refuse("Dom0's ramdisk", ramdisk, " overlaps Dom0's kernel");
      }
    }
  }

  @BootOnly
  private void place(String what, BootModule module) {
    inRam(what, module.node, module.base, module.size);
    if (overlap(module, imageBase, imageSize)) {
      throw refuse(what, module, " overlaps the hypervisor");
    }
    if (overlap(module, tree.address, tree.size())) {
      throw refuse(what, module, " overlaps the device tree");
    }
    if (memory.reserved.overlaps(module.base, module.size)) {
      throw refuse(what, module, " overlaps reserved memory");
    }
  }

  private static boolean overlap(BootModule module, long base, long size) {
    return module.base < base + size && base < module.base + module.size;
  }

  @BootOnly
  private void inRam(String what, FdtNode node, long base, long size) {
    if (!memory.ram.contains(base, size)) {
      throw refuse(what, node, base, size, " is not in RAM");
    }
  }

  @BootOnly
  private BootException refuse(String what, BootModule module, String reason) {
    return refuse(what, module.node, module.base, module.size, reason);
  }

  @BootOnly
  private BootException refuse(String what, FdtNode node, long base, long size, String reason) {
    BootMessage message = new BootMessage();
    if (node.exists()) {
      tree.path(message.text("device tree: "), node).text(": ");
    }
    message.text(what).text(" (").hex(size).text(" bytes at ").hex(base).text(")").text(reason);
    return new BootException(message);
  }

  /**
   * RAM that nobody has spoken for: without image, device tree, modules, reserved memory and memory
   * reservations. Modules that lie in a memory reservation (some loaders put theirs there) are
   * still modules.
   */
  @BootOnly
  public RangeList freeMemory() {
    RangeList free = memory.ram.copy();
    free.removeAll(memory.reserved);
    free.removeAll(memory.reservations);
    free.remove(imageBase, imageSize);
    free.remove(tree.address, tree.size());
    free.remove(kernel.base, kernel.size);
    if (ramdisk != null) {
      free.remove(ramdisk.base, ramdisk.size);
    }
    return free;
  }
}
