package ristretto.tools.uboot;

import java.util.ArrayList;
import java.util.List;

/**
 * The two scripts on partition 1: the overview document, "Boot Flow". {@code boot.scr.uimg} is what
 * U-Boot runs by itself and starts Linux natively; {@code boot.scr.xen.uimg} starts the hypervisor
 * and is loaded by hand. Before that, these variables may be set:
 *
 * <ul>
 *   <li>{@code xen_bootargs}, {@code dom0_bootargs}, {@code dom0_mem}: more options, another amount
 *   <li>{@code passthrough}: paths of devices that are kept for DomUs
 *   <li>{@code xen_prepare}: everything but the start, for more `fdt` commands; then {@code run
 *       boot_xen}
 * </ul>
 *
 * <p>What cannot be loaded is named at the end, and then nothing is started.
 */
public final class BootScripts {
  public static final String NATIVE = "boot.scr.uimg";
  public static final String XEN = "boot.scr.xen.uimg";

  /** Where the hypervisor and the kernel are on partition 1. */
  public static final String HYPERVISOR = "xen";

  public static final String KERNEL = "Image";
  public static final String RAMDISK = "initramfs";
  public static final String FABRIC = "core.rbf";

  private static final String COMPLAINT = "echo Not started, because this failed:${missing}";

  private final BootSetup setup;
  private final LoadAddresses at;

  public BootScripts(BootSetup setup) {
    this.setup = setup;
    this.at = setup.at();
  }

  /** Linux on the bare machine. */
  public String nativeScript() {
    List<String> lines = new ArrayList<>();
    lines.add("# Linux without the hypervisor.");
    lines.addAll(findDisk());
    lines.addAll(configureFabric());
    lines.addAll(loadTree());
    lines.add(load(at.kernel(), KERNEL));
    lines.add(
        "setenv bootargs \"console="
            + setup.console()
            + " root="
            + setup.root()
            + " rw rootwait ${native_bootargs}\"");
    String ramdisk = "-";
    if (setup.ramdisk()) {
      lines.add(load(at.ramdisk(), RAMDISK));
      ramdisk = hex(at.ramdisk()) + ":0x${filesize}";
    }
    lines.add(
        "if test -n \"${missing}\"; then "
            + COMPLAINT
            + "; else booti "
            + hex(at.kernel())
            + " "
            + ramdisk
            + " "
            + hex(at.deviceTree())
            + "; fi");
    return text(lines);
  }

  /** The hypervisor, with Linux as Dom0: the overview document, "Linux Device Tree". */
  public String xenScript() {
    List<String> lines = new ArrayList<>();
    lines.add("# The hypervisor, with Linux as Dom0.");
    lines.addAll(findDisk());
    lines.add("test -n \"${dom0_mem}\" || setenv dom0_mem " + setup.dom0Memory());
    lines.addAll(configureFabric());
    lines.addAll(loadTree());
    lines.add("fdt resize 0x2000");
    lines.addAll(setup.treeEdits());
    // The hash sign would start a comment.
    lines.add("fdt set /chosen \\#address-cells <2>");
    lines.add("fdt set /chosen \\#size-cells <2>");
    lines.add("fdt set /chosen xen,xen-bootargs \"" + xenOptions() + "\"");
    lines.add(
        "fdt set /chosen xen,dom0-bootargs \"console=hvc0 earlycon=xenboot root="
            + setup.root()
            + " rw rootwait ${dom0_bootargs}\"");
    lines.addAll(module("dom0", "multiboot,kernel", at.kernel(), KERNEL));
    if (setup.ramdisk()) {
      lines.addAll(module("dom1", "multiboot,ramdisk", at.ramdisk(), RAMDISK));
    }
    lines.add(
        "test -z \"${passthrough}\" || for node in ${passthrough}; do"
            + " fdt set ${node} xen,passthrough; done");
    lines.add(load(at.hypervisor(), HYPERVISOR));
    lines.add("setenv boot_xen booti " + hex(at.hypervisor()) + " - " + hex(at.deviceTree()));
    lines.add(
        "if test -n \"${missing}\"; then "
            + COMPLAINT
            + "; elif test -n \"${xen_prepare}\"; then echo Ready: run boot_xen;"
            + " else run boot_xen; fi");
    return text(lines);
  }

  private String xenOptions() {
    String options =
        "console=dtuart dtuart=serial0 dom0_mem=${dom0_mem} xen-version=" + setup.release();
    return options
        + (setup.xenOptions().isEmpty() ? "" : " " + setup.xenOptions())
        + " ${xen_bootargs}";
  }

  private List<String> findDisk() {
    return List.of(
        "test -n \"${devtype}\" || setenv devtype " + setup.deviceType(),
        "test -n \"${devnum}\" || setenv devnum 0",
        "test -n \"${distro_bootpart}\" || setenv distro_bootpart 1",
        "setenv missing",
        "setenv fdt_high 0xffffffffffffffff",
        "setenv initrd_high 0xffffffffffffffff");
  }

  /** Before anybody looks at a device in the FPGA: a bus without an end stops the CPU. */
  private List<String> configureFabric() {
    return setup.fabric()
        ? List.of(
            load(at.fabric(), FABRIC),
            "fpga load 0 " + hex(at.fabric()) + " ${filesize} || " + missing("the FPGA"),
            "bridge enable")
        : List.of();
  }

  private List<String> loadTree() {
    String address = hex(at.deviceTree());
    List<String> lines = new ArrayList<>();
    if (setup.tree().isEmpty()) {
      lines.add("fdt addr ${fdt_addr}");
      lines.add("fdt move ${fdt_addr} " + address + " 0x100000");
    } else {
      lines.add(load(at.deviceTree(), setup.tree()));
      lines.add("fdt addr " + address);
    }
    lines.addAll(setup.firmwareEdits());
    return lines;
  }

  /** Loads a file and describes it to the hypervisor. */
  private List<String> module(String name, String kind, long address, String file) {
    String node = "/chosen/" + name;
    return List.of(
        load(address, file),
        "fdt mknod /chosen " + name,
        "fdt set " + node + " compatible \"" + kind + "\" \"multiboot,module\"",
        "fdt set " + node + " reg <" + cells(address) + " 0x0 0x${filesize}>");
  }

  private static String load(long address, String file) {
    return "load ${devtype} ${devnum}:${distro_bootpart} "
        + hex(address)
        + " "
        + file
        + " || "
        + missing(file);
  }

  /** Told apart at the end: not every U-Boot ends a script at `exit`. */
  private static String missing(String what) {
    return "setenv missing \"${missing} " + what + "\"";
  }

  private static String cells(long address) {
    return hex(address >>> Integer.SIZE) + " " + hex(address & 0xffff_ffffL);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
