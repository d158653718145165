package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.host.Cache;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.BootScripts;
import ristretto.tools.uboot.BootSetup;
import ristretto.tools.uboot.ImageHeader;
import ristretto.tools.uboot.LoadAddresses;
import ristretto.tools.uboot.MemoryPlan;

/**
 * The card of the overview document, "Boot Flow": on partition 1 kernel, hypervisor, device tree,
 * configuration of the FPGA and both boot scripts; on partition 2 Dom0's root.
 */
public final class SdCard {
  /** What the scripts were made of, for those who want to change them. */
  private static final String SOURCES = "source";

  private static final String TREES = "devicetree";

  /** What is on every card. */
  private static final List<String> NAMES =
      List.of(SOURCES, TREES, "boot.scr.uimg", "boot.scr.xen.uimg", BootScripts.HYPERVISOR);

  private final CardTarget target;
  private final CardContents contents;

  /** A card that is not written yet. */
  public SdCard(CardTarget target, CardContents contents) {
    this.target = target;
    this.contents = contents;
  }

  /** A device tree of the card's own is in a folder. */
  static String treeName(Path tree) {
    return TREES + "/" + tree.getFileName();
  }

  /** Refuses a file that would take the place of one that every card has. */
  static void checkAdded(Path file) {
    String name = file.getFileName().toString();
    if (NAMES.stream().anyMatch(name::equalsIgnoreCase)) {
      throw new ToolException(
          "--add: the card has something of its own called " + name + ", FAT knowing no case",
          "give " + file + " another name, or --hypervisor a hypervisor");
    }
  }

  /** Bytes of the files on partition 1. */
  long bootBytes() throws IOException {
    long bytes = 0;
    for (Path file : files().values()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Bytes of the files on partition 2, each in whole blocks and with its inode. */
  long rootBytes() throws IOException {
    try (Stream<Path> files = Files.walk(contents.root())) {
      return files.mapToLong(SdCard::roomFor).sum();
    }
  }

  private static long roomFor(Path file) {
    long overhead = 4096 + 256;
    return Files.isRegularFile(file) && !Files.isSymbolicLink(file)
        ? file.toFile().length() + overhead
        : overhead;
  }

  /** Writes the card. */
  public void write(Path file, PartitionTable table) throws IOException {
    DiskImage disk = DiskImage.create(file, table);
    Map<String, Path> files = files();
    files.keySet().stream()
        .filter(name -> name.contains("/"))
        .map(name -> name.substring(0, name.indexOf('/')))
        .distinct()
        .forEach(disk::makeDirectory);
    files.forEach((name, source) -> disk.put(source, name));
    Path scripts = Files.createTempDirectory("ristretto");
    try {
      disk.makeDirectory(SOURCES);
      writeScripts(scripts);
      try (Stream<Path> made = Files.list(scripts)) {
        for (Path part : made.sorted().toList()) {
          String name = part.getFileName().toString();
          disk.put(part, name.endsWith(".uimg") ? name : SOURCES + "/" + name);
        }
      }
    } finally {
      Cache.delete(scripts);
    }
    disk.fillRoot(contents.root());
  }

  /** The files of partition 1, by the names that they get. */
  private Map<String, Path> files() {
    Map<String, Path> files = new TreeMap<>();
    files.put(BootScripts.KERNEL, contents.kernel());
    put(files, BootScripts.RAMDISK, contents.ramdisk());
    put(files, BootScripts.FABRIC, contents.fabric());
    put(files, BootScripts.HYPERVISOR, contents.hypervisor());
    put(files, target.tree(), contents.tree());
    for (Path other : contents.others()) {
      String name = other.getFileName().toString();
      if (files.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
        throw new ToolException(
            "--add: two files for the card are called " + name + ", FAT knowing no case",
            "give " + other + " another name");
      }
      files.put(name, other);
    }
    return files;
  }

  private static void put(Map<String, Path> files, String name, @Nullable Path file) {
    if (file != null) {
      files.put(name, file);
    }
  }

  private void writeScripts(Path directory) throws IOException {
    BootScripts scripts = new BootScripts(setup());
    target.wrapping().write(directory, "boot.scr", scripts.nativeScript());
    target.wrapping().write(directory, "boot.scr.xen", scripts.xenScript());
  }

  /** Everything that the scripts say. */
  public BootSetup setup() throws IOException {
    return new BootSetup(
        addresses(),
        contents.release(),
        target.deviceType(),
        target.partition() + "2",
        target.console(),
        target.tree(),
        contents.ramdisk() != null,
        contents.fabric() != null,
        target.dom0Memory(),
        target.xenOptions(),
        target.treeEdits(),
        target.firmwareEdits());
  }

  private LoadAddresses addresses() throws IOException {
    return addresses(target.memory().copy());
  }

  /** What U-Boot's memory is used for, in order. */
  List<MemoryPlan.Range> memoryMap() throws IOException {
    MemoryPlan plan = target.memory().copy();
    addresses(plan);
    return plan.occupied();
  }

  private LoadAddresses addresses(MemoryPlan plan) throws IOException {
    checkSlots();
    LoadAddresses.Sizes sizes =
        new LoadAddresses.Sizes(
            ImageHeader.read(contents.kernel()).imageBytes(),
            size(contents.ramdisk()),
            size(contents.fabric()));
    return LoadAddresses.in(plan, sizes, target.fabric());
  }

  /** What has a place of a fixed size has to fit it. */
  private void checkSlots() throws IOException {
    if (contents.hypervisor() != null) {
      checkHypervisor(contents.hypervisor());
    }
    if (size(contents.tree()) > LoadAddresses.LARGEST_DEVICE_TREE) {
      throw new ToolException(
          contents.tree() + " is larger than " + (LoadAddresses.LARGEST_DEVICE_TREE >> 20) + " MiB",
          "give one without symbols (dtc without -@): trees of boards have less than 100 KiB");
    }
  }

  /** Refuses what is no hypervisor that U-Boot could start where the scripts put it. */
  static void checkHypervisor(Path image) {
    long bytes = ImageHeader.read(image).imageBytes();
    if (bytes > LoadAddresses.HYPERVISOR_SLOT) {
      throw new ToolException(
          image
              + " needs "
              + (bytes >> 20)
              + " MiB in memory, and the scripts keep "
              + (LoadAddresses.HYPERVISOR_SLOT >> 20)
              + " for a hypervisor");
    }
  }

  private static long size(@Nullable Path file) throws IOException {
    return file == null ? 0 : Files.size(file);
  }
}
