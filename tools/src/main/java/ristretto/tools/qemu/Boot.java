package ristretto.tools.qemu;

import java.nio.file.Path;
import ristretto.tools.console.SerialLine;
import ristretto.tools.host.ToolException;
import ristretto.tools.image.SuiteImages;
import ristretto.tools.uboot.BootPrompt;

/**
 * A machine with something to boot on it, and the way it is booted.
 *
 * @param files kernel and ramdisk of the suite
 * @param disk has the hypervisor on it, unless the boot is native
 * @param hypervisor the same, for the way without a boot loader
 * @param xenOptions beside the console and Dom0's memory
 * @param dom0Options beside console and root
 * @param passthrough paths of the device tree's nodes that are withheld from Dom0 for DomUs,
 *     separated by spaces; the way with U-Boot alone can do that
 */
public record Boot(
    VirtualMachine machine,
    Way way,
    SuiteImages.Assembled files,
    Path disk,
    Path hypervisor,
    String xenOptions,
    String dom0Options,
    String passthrough) {

  public Boot {
    if (way != Way.UBOOT && !passthrough.isEmpty()) {
      throw new ToolException(
          "devices are marked for passthrough in U-Boot, and this boot has none");
    }
  }

  /** Who loads what. */
  public enum Way {
    /** U-Boot, told at its prompt to run the hypervisor's script. */
    UBOOT,
    /** QEMU itself. */
    DIRECT,
    /** U-Boot left alone: Linux without the hypervisor. */
    NATIVE
  }

  /** The usual boot of a suite under a hypervisor. */
  public static Boot of(
      VirtualMachine machine,
      Way way,
      SuiteImages images,
      SuiteImages.Assembled files,
      Path hypervisor) {
    return new Boot(machine, way, files, images.disk(files, hypervisor), hypervisor, "", "", "");
  }

  /** The same with another kernel and ramdisk. */
  public Boot withFiles(SuiteImages.Assembled others) {
    return new Boot(machine, way, others, disk, hypervisor, xenOptions, dom0Options, passthrough);
  }

  /** The same from another disk. */
  public Boot withDisk(Path other) {
    return new Boot(machine, way, files, other, hypervisor, xenOptions, dom0Options, passthrough);
  }

  /** The same with something else in the hypervisor's place; for the way without a boot loader. */
  public Boot withHypervisor(Path other) {
    return new Boot(machine, way, files, disk, other, xenOptions, dom0Options, passthrough);
  }

  /** The same with more options for the hypervisor. */
  public Boot withXenOptions(String options) {
    return new Boot(machine, way, files, disk, hypervisor, options, dom0Options, passthrough);
  }

  /** The same with more options for Dom0's kernel. */
  public Boot withDom0Options(String options) {
    return new Boot(machine, way, files, disk, hypervisor, xenOptions, options, passthrough);
  }

  /** The same with devices that are kept for DomUs. */
  public Boot withPassthrough(String nodes) {
    return new Boot(machine, way, files, disk, hypervisor, xenOptions, dom0Options, nodes);
  }

  /**
   * QEMU's command line.
   *
   * @param keepDisk changes of the disk are written to its file
   */
  public QemuCommand command(boolean keepDisk) {
    QemuCommand qemu = new QemuCommand(machine).disk(disk, keepDisk);
    if (!passthrough.isEmpty()) {
      qemu.gpio();
    }
    if (way != Way.DIRECT) {
      return qemu.firmware();
    }
    return qemu.direct(
        hypervisor,
        ("console=dtuart dtuart=serial0 dom0_mem="
                + dom0Memory()
                + " xen-version="
                + files.suite().xenVersion()
                + " "
                + xenOptions)
            .strip(),
        files.kernel(),
        ("console=hvc0 earlycon=xenboot root=/dev/vda2 rw " + dom0Options).strip(),
        files.ramdisk());
  }

  /** Does at the console what the way of booting needs; call it before the line is started. */
  public void attend(SerialLine console) {
    if (way == Way.UBOOT) {
      new BootPrompt()
          .set("dom0_mem", dom0Memory())
          .set("xen_bootargs", xenOptions.strip())
          .set("dom0_bootargs", dom0Options.strip())
          .set("passthrough", passthrough.strip())
          .answer(console);
    }
  }

  private String dom0Memory() {
    return machine.usualDom0Mib() + "M";
  }
}
