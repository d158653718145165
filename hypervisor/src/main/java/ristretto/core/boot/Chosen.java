package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtValues;
import ristretto.fdt.Text;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * What the loader says in /chosen: modules and command lines. xen,
 * docs/misc/arm/device-tree/booting.txt.
 */
public final class Chosen {
  private final Fdt tree;
  private final FdtNode node;
  private final Reports reports;
  private FdtNode kernelNode;
  private FdtNode ramdiskNode;

  /** A module that there is one of already; its complaint waits for the console. */
  private FdtNode surplus;

  /** Modules seen that do not say what they are. */
  private int unspecific;

  @BootOnly
  Chosen(Fdt tree, Reports reports) {
    this.tree = tree;
    this.reports = reports;
    this.kernelNode = FdtNode.none();
    this.ramdiskNode = FdtNode.none();
    this.surplus = FdtNode.none();
    this.node = tree.child(tree.root(), "chosen");
    if (!node.exists()) {
      throw new BootException("device tree: there is no /chosen, so there is no kernel for Dom0");
    }
    FdtNode at = tree.firstChild(node);
    while (at.exists()) {
      child(at);
      at = tree.nextSibling(at);
    }
  }

  /** The node itself. */
  public FdtNode node() {
    return node;
  }

  /**
   * Dom0's kernel.
   *
   * @throws BootException if there is none, or it is not described well
   */
  @BootOnly
  public BootModule kernel() {
    if (!kernelNode.exists()) {
      throw new BootException(
          "device tree: /chosen: no kernel for Dom0: no node is compatible with multiboot,kernel");
    }
    if (surplus.exists()) {
      throw tree.refuse(surplus, "a second kernel or ramdisk for Dom0");
    }
    return module(BootModule.Kind.KERNEL, kernelNode);
  }

  /**
   * Dom0's ramdisk, or null.
   *
   * @throws BootException if it is not described well
   */
  @BootOnly
  public @Nullable BootModule ramdisk() {
    return ramdiskNode.exists() ? module(BootModule.Kind.RAMDISK, ramdiskNode) : linuxRamdisk();
  }

  /** The hypervisor's command line; same document, "Command lines". */
  @BootOnly
  public Text hypervisorArguments() {
    if (tree.has(node, "xen,xen-bootargs")) {
      return FdtValues.string(tree, node, "xen,xen-bootargs");
    }
    boolean bootargsAreOurs = tree.has(node, "xen,dom0-bootargs") || kernelHasArguments();
    return bootargsAreOurs ? FdtValues.string(tree, node, "bootargs") : Text.empty();
  }

  /** Dom0's command line; same document, "Command lines". */
  @BootOnly
  public Text dom0Arguments() {
    if (tree.has(node, "xen,dom0-bootargs")) {
      return FdtValues.string(tree, node, "xen,dom0-bootargs");
    }
    return FdtValues.string(tree, kernelHasArguments() ? kernelNode : node, "bootargs");
  }

  private boolean kernelHasArguments() {
    return kernelNode.exists() && tree.has(kernelNode, "bootargs");
  }

  /** Whether {@code at} is a module, whatever it is called. */
  static boolean isModule(Fdt tree, FdtNode at) {
    return FdtValues.isCompatible(tree, at, "multiboot,module")
        || FdtValues.isCompatible(tree, at, "xen,multiboot-module");
  }

  @BootOnly
  private void child(FdtNode at) {
    if (FdtValues.isCompatible(tree, at, "xen,domain")) {
      BootMessage message = new BootMessage("device tree: ");
      tree.path(message, at).text(": domains made at boot are not supported, ignored");
      reports.add(message);
    } else if (isModule(tree, at)) {
      classify(at);
    }
  }

  @BootOnly
  private void classify(FdtNode at) {
    BootModule.Kind kind = kindOf(at);
    boolean isKernel = kind == BootModule.Kind.KERNEL;
    if ((isKernel && kernelNode.exists())
        || (kind == BootModule.Kind.RAMDISK && ramdiskNode.exists())) {
      surplus = at;
    } else if (isKernel) {
      kernelNode = at;
    } else if (kind == BootModule.Kind.RAMDISK) {
      ramdiskNode = at;
    } else {
      BootMessage message = new BootMessage("device tree: ");
      tree.path(message, at).text(": ").text(kind.description).text(", ignored");
      reports.add(message);
    }
  }

  @BootOnly
  private BootModule module(BootModule.Kind kind, FdtNode at) {
    long base = number(at, false);
    long size = number(at, true);
    if (!RangeList.isPossible(base, size) || size == 0) {
      throw tree.refuse(at, "reg: a module cannot have this address and size");
    }
    return new BootModule(kind, at, base, size);
  }

  /**
   * By its compatible list; of those that say nothing the first is a kernel, the second a ramdisk.
   */
  @BootOnly
  private BootModule.Kind kindOf(FdtNode at) {
    if (FdtValues.isCompatible(tree, at, "multiboot,kernel")
        || FdtValues.isCompatible(tree, at, "xen,linux-zimage")) {
      return BootModule.Kind.KERNEL;
    }
    if (FdtValues.isCompatible(tree, at, "multiboot,ramdisk")
        || FdtValues.isCompatible(tree, at, "xen,linux-initrd")) {
      return BootModule.Kind.RAMDISK;
    }
    if (FdtValues.isCompatible(tree, at, "xen,xsm-policy")) {
      return BootModule.Kind.POLICY;
    }
    unspecific++;
    if (unspecific == 1 && !kernelNode.exists()) {
      return BootModule.Kind.KERNEL;
    }
    return unspecific == 2 && !ramdiskNode.exists()
        ? BootModule.Kind.RAMDISK
        : BootModule.Kind.UNKNOWN;
  }

  /** Address or size of a module, by the cell sizes that hold in /chosen. */
  @BootOnly
  private long number(FdtNode at, boolean isSize) {
    int addressCells = inherited("#address-cells", 2);
    int sizeCells = inherited("#size-cells", 1);
    FdtProperty reg = tree.property(at, "reg");
    if (!reg.exists()) {
      throw tree.refuse(at, "a module without reg: where is it?");
    }
    int cells = isSize ? sizeCells : addressCells;
    if (cells < 1 || cells > 2 || tree.length(reg) != (addressCells + sizeCells) * 4) {
      throw tree.refuse(
          at, "reg does not have the size that #address-cells and #size-cells of /chosen give it");
    }
    return FdtValues.number(tree, at, reg, isSize ? addressCells : 0, cells);
  }

  /** A cell count of /chosen, or the root's if /chosen has none, which is how Xen reads it. */
  @BootOnly
  private int inherited(String name, int otherwise) {
    FdtNode holder = tree.has(node, name) ? node : tree.root();
    return (int) FdtValues.u32(tree, holder, name, otherwise);
  }

  /** A ramdisk as a loader gives it to Linux: [linux,initrd-start, linux,initrd-end). */
  @BootOnly
  private @Nullable BootModule linuxRamdisk() {
    if (!tree.has(node, "linux,initrd-start") || !tree.has(node, "linux,initrd-end")) {
      return null;
    }
    long start = FdtValues.u64(tree, node, "linux,initrd-start", 0);
    long end = FdtValues.u64(tree, node, "linux,initrd-end", 0);
    if (start == end) {
      return null;
    }
    if (end < start || !RangeList.isPossible(start, end - start)) {
      throw tree.refuse(node, "linux,initrd-start and linux,initrd-end are not a range");
    }
    return new BootModule(BootModule.Kind.RAMDISK, node, start, end - start);
  }
}
