package ristretto.tools.uboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.tools.host.Command;

/**
 * The two scripts on partition 1. {@code boot.scr.uimg} is what U-Boot runs by itself and starts
 * Linux natively; {@code boot.scr.xen.uimg} starts the hypervisor and is loaded by hand. The
 * variables {@code xen_bootargs}, {@code dom0_bootargs} and {@code dom0_mem} may be set before it
 * is run, and {@code passthrough}: paths of devices that are kept for DomUs.
 */
public final class BootScripts {
  public static final String NATIVE = "boot.scr.uimg";
  public static final String XEN = "boot.scr.xen.uimg";

  private static final String FIND_DISK =
      """
      test -n "${devtype}" || setenv devtype virtio
      test -n "${devnum}" || setenv devnum 0
      test -n "${distro_bootpart}" || setenv distro_bootpart 1
      setenv fdt_high 0xffffffffffffffff
      setenv initrd_high 0xffffffffffffffff
      """;

  private final LoadAddresses at;
  private final String release;

  /**
   * Scripts for one disk.
   *
   * @param release of Xen's tools on the disk, which guests are told to be the hypervisor's
   */
  public BootScripts(LoadAddresses addresses, String release) {
    this.at = addresses;
    this.release = release;
  }

  /** Linux on the bare machine. */
  public String nativeScript() {
    return "# Linux without the hypervisor.\n"
        + FIND_DISK
        + """
        fdt addr ${fdt_addr}
        fdt move ${fdt_addr} DEVICE_TREE 0x100000
        load ${devtype} ${devnum}:${distro_bootpart} KERNEL Image
        load ${devtype} ${devnum}:${distro_bootpart} RAMDISK initramfs
        setenv bootargs "console=ttyAMA0 root=/dev/vda2 rw ${native_bootargs}"
        booti KERNEL RAMDISK:0x${filesize} DEVICE_TREE
        """
            .replace("DEVICE_TREE", hex(at.deviceTree()))
            .replace("KERNEL", hex(at.kernel()))
            .replace("RAMDISK", hex(at.ramdisk()));
  }

  /** The hypervisor, with Linux as Dom0: the overview document, "Linux Device Tree". */
  public String xenScript() {
    return "# The hypervisor, with Linux as Dom0.\n"
        + FIND_DISK
        + """
        test -n "${dom0_mem}" || setenv dom0_mem 512M
        fdt addr ${fdt_addr}
        fdt move ${fdt_addr} DEVICE_TREE 0x100000
        fdt resize 0x2000
        fdt set /chosen \\#address-cells <2>
        fdt set /chosen \\#size-cells <2>
        fdt set /chosen xen,xen-bootargs "console=dtuart dtuart=serial0 dom0_mem=${dom0_mem} xen-version=RELEASE ${xen_bootargs}"
        fdt set /chosen xen,dom0-bootargs "console=hvc0 earlycon=xenboot root=/dev/vda2 rw ${dom0_bootargs}"
        load ${devtype} ${devnum}:${distro_bootpart} KERNEL Image
        fdt mknod /chosen dom0
        fdt set /chosen/dom0 compatible "multiboot,kernel" "multiboot,module"
        fdt set /chosen/dom0 reg <0x0 KERNEL 0x0 0x${filesize}>
        load ${devtype} ${devnum}:${distro_bootpart} RAMDISK initramfs
        fdt mknod /chosen dom1
        fdt set /chosen/dom1 compatible "multiboot,ramdisk" "multiboot,module"
        fdt set /chosen/dom1 reg <0x0 RAMDISK 0x0 0x${filesize}>
        test -z "${passthrough}" || for node in ${passthrough}; do fdt set ${node} xen,passthrough; done
        load ${devtype} ${devnum}:${distro_bootpart} HYPERVISOR xen
        booti HYPERVISOR - DEVICE_TREE
        """
            .replace("DEVICE_TREE", hex(at.deviceTree()))
            .replace("RELEASE", release)
            .replace("HYPERVISOR", hex(at.hypervisor()))
            .replace("KERNEL", hex(at.kernel()))
            .replace("RAMDISK", hex(at.ramdisk()));
  }

  /** Wraps a script for U-Boot's `source`. */
  public static void wrap(String script, Path target) throws IOException {
    Path source = Files.createTempFile("ristretto", ".cmd");
    try {
      Files.writeString(source, script);
      Command.of(
              "mkimage",
              "-A",
              "arm64",
              "-T",
              "script",
              "-C",
              "none",
              "-n",
              "Ristretto",
              "-d",
              source.toString(),
              target.toString())
          .run();
    } finally {
      Files.delete(source);
    }
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
