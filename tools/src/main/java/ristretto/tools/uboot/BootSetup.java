package ristretto.tools.uboot;

import java.util.List;

/**
 * What the scripts of one disk are written from.
 *
 * @param at where everything is loaded
 * @param release of Xen's tools in Dom0's root, which guests are told to be the hypervisor's
 * @param deviceType U-Boot's word for the disk's interface: virtio, mmc
 * @param root what Linux calls the partition of Dom0's root
 * @param console what Linux calls the serial line without a hypervisor
 * @param tree the device tree's file on partition 1; empty: the firmware's own tree
 * @param ramdisk whether there is an initial ramdisk
 * @param fabric whether there is a file for the FPGA
 * @param dom0Memory {@code dom0_mem} unless somebody sets another at the prompt
 * @param xenOptions what this board needs beside the console, Dom0's memory and the release
 * @param treeEdits `fdt` commands that make the tree of Linux one for a hypervisor
 * @param firmwareEdits commands that put into the tree what only U-Boot knows, hypervisor or not
 */
public record BootSetup(
    LoadAddresses at,
    String release,
    String deviceType,
    String root,
    String console,
    String tree,
    boolean ramdisk,
    boolean fabric,
    String dom0Memory,
    String xenOptions,
    List<String> treeEdits,
    List<String> firmwareEdits) {

  public BootSetup {
    treeEdits = List.copyOf(treeEdits);
    firmwareEdits = List.copyOf(firmwareEdits);
  }
}
