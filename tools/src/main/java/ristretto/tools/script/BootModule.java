package ristretto.tools.script;

import java.util.Optional;
import java.util.OptionalLong;
import ristretto.tools.source.Position;

/**
 * What a node of /chosen tells the hypervisor to be in memory: the kernel of Dom0, its ramdisk.
 *
 * @param node its path
 * @param size in bytes; empty where it is a file's whose size is not known
 * @param sizeOf the file that {@code ${filesize}} stood for there
 * @param bareSize {@code ${filesize}} without 0x: the tree would get a decimal number
 * @param position of its reg
 */
public record BootModule(
    String node,
    long address,
    OptionalLong size,
    Optional<Load> sizeOf,
    boolean bareSize,
    Position position) {}
