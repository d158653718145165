package ristretto.tools.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.debian.KernelModules;
import ristretto.tools.host.ToolException;

/**
 * The drivers that a card's kernel needs: which of them are files, and which are nowhere. A kernel
 * that came without modules may have them built in; that cannot be seen from outside.
 */
final class KernelDrivers {
  /** What the DomUs' root brings along: the front halves of Xen's drivers. */
  private static final List<Need> DOMU =
      List.of(
          new Need("xen_netfront", "CONFIG_XEN_NETDEV_FRONTEND", "a DomU has no network"),
          new Need("xen_blkfront", "CONFIG_XEN_BLKDEV_FRONTEND", "a DomU has no disk"));

  /** What Xen's tools in Dom0 use, and the halves that serve DomUs. */
  private static final List<Need> DOM0 =
      List.of(
          new Need("xenfs", "CONFIG_XENFS", "xl does not work"),
          new Need("xen_privcmd", "CONFIG_XEN_PRIVCMD", "xl does not work"),
          new Need("xen_evtchn", "CONFIG_XEN_DEV_EVTCHN", "xl does not work"),
          new Need("xen_gntdev", "CONFIG_XEN_GNTDEV", "Xen's daemons share no pages with DomUs"),
          new Need("xen_netback", "CONFIG_XEN_NETDEV_BACKEND", "Dom0 serves no network"),
          new Need("xen_blkback", "CONFIG_XEN_BLKDEV_BACKEND", "Dom0 serves no disk"),
          new Need("bridge", "CONFIG_BRIDGE", "xenbr0, the network of DomUs, is not there"));

  private static final Need ROOT_FILES =
      new Need("ext4", "CONFIG_EXT4_FS", "Dom0 cannot mount its root");

  /** Old kernels have the checksums of ext4 in a module of its own, which it does not depend on. */
  private static final List<String> FILE_SYSTEM = List.of("crc32c_generic", "ext4");

  private final @Nullable KernelModules modules;
  private final Set<String> notes = new LinkedHashSet<>();

  /**
   * Drivers of a kernel.
   *
   * @param modules null if nobody knows them
   */
  KernelDrivers(@Nullable KernelModules modules) {
    this.modules = modules;
    report(DOM0);
  }

  /** A driver, how the kernel's configuration calls it, and what goes wrong without. */
  private record Need(String module, String option, String without) {
    String note() {
      return "the kernel has no "
          + module
          + " ("
          + option
          + "), built in or as a module: "
          + without;
    }
  }

  /** Files for the DomUs' root, each after what it needs. */
  List<Path> ofDomu() {
    if (modules == null) {
      notes.add(
          "no --modules: the DomUs' root has none either. Whether xen_netfront and xen_blkfront are"
              + " built into the kernel cannot be seen here; a DomU's vif and disk need them."
              + " DomU1.cfg has neither");
    }
    report(DOMU);
    return files(Stream.concat(DOMU.stream().map(Need::module), FILE_SYSTEM.stream()));
  }

  /**
   * Files that bring Dom0 to its root, each after what it needs.
   *
   * @param card drivers of what the card is in
   */
  List<Path> ofRoot(List<String> card) {
    if (modules == null) {
      notes.add("no --ramdisk and no --modules: the kernel must reach its root by itself");
    }
    report(List.of(ROOT_FILES));
    String without = "Dom0 does not find the card";
    report(card.stream().map(name -> new Need(name, "the card's driver", without)).toList());
    return files(Stream.concat(card.stream(), FILE_SYSTEM.stream()));
  }

  /** What a person should know who put this kernel on a card. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private void report(List<Need> needs) {
    KernelModules known = modules;
    if (known != null) {
      needs.stream()
          .filter(need -> !known.has(need.module()))
          .forEach(need -> notes.add(need.note()));
    }
  }

  private List<Path> files(Stream<String> names) {
    KernelModules known = modules;
    if (known == null) {
      return List.of();
    }
    List<Path> files = new ArrayList<>(known.loadOrder(names.filter(known::has).toList()));
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new ToolException(
            "--modules: modules.dep names " + file.getFileName() + ", which is not there",
            "copy the whole folder again, or `depmod -b` what is there");
      }
    }
    return files;
  }
}
