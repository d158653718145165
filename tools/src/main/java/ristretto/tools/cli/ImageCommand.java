package ristretto.tools.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.image.CardBuild;
import ristretto.tools.image.CardRequest;
import ristretto.tools.image.CardTarget;
import ristretto.tools.image.HypervisorBuild;

/** Writes the SD card of a board. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write a board's SD card: kernel, hypervisor, device tree and boot scripts on a FAT, Dom0's "
          + "Debian on an ext4. The same files give the same bytes."
    },
    footer = {
      "",
      "Example:",
      "  ./ristretto image --board agilex5 --kernel Image --core-rbf ghrd.core.rbf \\",
      "    --dtb socfpga_agilex5_socdk.dtb --add u-boot.itb --output card.img",
      "U-Boot starts Linux by itself; for the hypervisor stop its countdown and type",
      "  load mmc 0:1 $${loadaddr} boot.scr.xen.uimg; source $${loadaddr}",
      "(virtio 0:1 in QEMU). Variables that may be set before: xen_bootargs,",
      "dom0_bootargs, dom0_mem, passthrough (paths of devices for DomUs), xen_prepare",
      "(stop before the start: run boot_xen)."
    })
final class ImageCommand implements Callable<Integer> {
  @Mixin private BoardOption board = new BoardOption();

  @Option(
      names = "--suite",
      paramLabel = "SUITE",
      defaultValue = "trixie",
      description = "Debian suite of Dom0's root: trixie (default) or bookworm.")
  private String suite = "trixie";

  @Option(
      names = "--kernel",
      paramLabel = "FILE",
      description = "Linux for Dom0 and DomUs: an arm64 Image, perhaps gzipped. Default: Debian's.")
  private @Nullable Path kernel;

  @Option(
      names = "--ramdisk",
      paramLabel = "FILE",
      description =
          "Initial ramdisk for that kernel. Default: one of ours with what --modules has for the card"
              + " and its ext4; none if all that is built in.")
  private @Nullable Path ramdisk;

  @Option(
      names = "--modules",
      paramLabel = "DIR",
      description =
          "Modules of that kernel, for Dom0's root and the DomUs': lib/modules/VERSION as `make"
              + " modules_install` leaves it, or as it is in a Debian package.")
  private @Nullable Path modules;

  @Option(
      names = "--dtb",
      paramLabel = "FILE",
      description =
          "Device tree of that kernel. Default for qemu: the one that QEMU makes; for a board: that"
              + " of boards/, which describes the board and not what Linux expects of it.")
  private @Nullable Path tree;

  @Option(
      names = "--core-rbf",
      paramLabel = "FILE",
      description = "What the FPGA is configured with before anything else is started.")
  private @Nullable Path fabric;

  @Option(
      names = "--add",
      paramLabel = "FILE",
      description = "One more file for the FAT, for instance u-boot.itb. Can be given again.")
  private List<Path> others = new ArrayList<>();

  @Option(
      names = "--hypervisor",
      paramLabel = "FILE",
      description = "Another arm64 Image in place of ours, for instance Debian's Xen.")
  private @Nullable Path otherHypervisor;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "Size of the whole card, for instance 4G: Dom0's root gets what is left.")
  private @Nullable String size;

  @Option(names = "--output", paramLabel = "FILE", description = "Default: out/sdcard-BOARD.img.")
  private @Nullable Path output;

  @ParentCommand private @Nullable Main main;

  @Override
  public Integer call() throws Exception {
    CardTarget target = CardTarget.named(board.name(), tree);
    long bytes = size == null ? 0 : (long) MachineOptions.mebibytes(size) << 20;
    Suite root = Suite.of(suite);
    Progress progress = Progress.onStandardError();
    Preparation.installMissing(progress, main != null && main.installsWithoutAsking());
    Path hypervisor =
        otherHypervisor == null
            ? new HypervisorBuild(Project.current(), progress).run()
            : otherHypervisor;
    CardRequest request =
        new CardRequest(root, hypervisor, kernel, ramdisk, modules, tree, fabric, others, bytes);
    Path file =
        output == null
            ? Project.current().home().resolve("out/sdcard-" + board.name() + ".img")
            : output;
    warn(board.name());
    CardBuild.Made made = new CardBuild(Cache.ofUser(), progress).run(target, request, file);
    report(made);
    return 0;
  }

  /** Debian builds no driver of Altera's SoCs: CONFIG_ARCH_INTEL_SOCFPGA is not set. */
  private void warn(String name) {
    if (!name.equals(CardTarget.QEMU) && kernel == null) {
      System.err.println(
          "Debian's kernel has no drivers for this board: Dom0 will stay in its initial ramdisk,"
              + " with a shell on its console. --kernel takes one that has");
    }
  }

  private static void report(CardBuild.Made made) {
    System.out.println(made.file() + ", " + (made.table().diskBytes() >> 20) + " MiB");
    made.notes().forEach(note -> System.err.println("note: " + note));
    System.out.println("memory while U-Boot loads:");
    made.memory()
        .forEach(range ->
            System.out.printf(
                "  0x%09x to 0x%09x  %s%n", range.start(), range.end(), range.name()));
  }
}
