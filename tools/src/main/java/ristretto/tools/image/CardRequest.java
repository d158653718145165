package ristretto.tools.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.ToolException;

/**
 * What a person wants on a card.
 *
 * @param kernel Linux for Dom0 and DomUs; null: Debian's
 * @param ramdisk for that kernel; null: one of ours, if the kernel is known to need one
 * @param modules lib/modules/VERSION of that kernel; null: Dom0's root has Debian's alone
 * @param tree the device tree of that kernel; null: the firmware's, or ours
 * @param fabric core.rbf
 * @param others more files for partition 1
 * @param bytes of the whole card; 0: as the document has it
 */
public record CardRequest(
    Suite suite,
    Path hypervisor,
    @Nullable Path kernel,
    @Nullable Path ramdisk,
    @Nullable Path modules,
    @Nullable Path tree,
    @Nullable Path fabric,
    List<Path> others,
    long bytes) {

  public CardRequest {
    others = List.copyOf(others);
    readable("--kernel", kernel);
    readable("--ramdisk", ramdisk);
    readable("--dtb", tree);
    readable("--core-rbf", fabric);
    readable("--hypervisor", hypervisor);
    others.forEach(file -> readable("--add", file));
    others.forEach(SdCard::checkAdded);
    if (bytes > PartitionTable.MOST_BYTES) {
      throw new ToolException(
          "--size: a card's partition table ends at 2048G", "--size 2048G or less");
    }
    if (modules != null && !Files.isDirectory(modules)) {
      throw new ToolException("--modules: " + modules + " is not a folder");
    }
    if (modules != null && kernel == null) {
      throw new ToolException(
          "--modules without --kernel: Debian's kernel has its own", "give the kernel, too");
    }
    if (fabric != null && fabric.toString().matches(".*\\.(sof|jic|pof)")) {
      throw new ToolException(
          fabric + " is not a raw binary file, and U-Boot's `fpga load` takes no other",
          "quartus_pfg -c -o hps=1 -o hps_path=… " + fabric + " ghrd.rbf makes ghrd.core.rbf");
    }
  }

  private static void readable(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    if (!Files.exists(file)) {
      throw new ToolException(option + ": there is no " + file);
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ToolException(option + ": " + file + " is not a file that can be read");
    }
    if (file.toFile().length() == 0) {
      throw new ToolException(option + ": " + file + " is empty");
    }
  }
}
