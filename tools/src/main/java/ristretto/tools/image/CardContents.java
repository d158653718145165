package ristretto.tools.image;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes on a card, as files of the host.
 *
 * @param kernel an arm64 Image
 * @param ramdisk its initial ramdisk
 * @param tree the device tree, where the card brings one
 * @param fabric what the FPGA is configured with
 * @param hypervisor an arm64 Image; null leaves its place free
 * @param others more files for partition 1, under their own names
 * @param root Dom0's root as a directory
 * @param release of Xen's tools in it
 */
public record CardContents(
    Path kernel,
    @Nullable Path ramdisk,
    @Nullable Path tree,
    @Nullable Path fabric,
    @Nullable Path hypervisor,
    List<Path> others,
    Path root,
    String release) {}
