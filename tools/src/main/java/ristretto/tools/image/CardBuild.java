package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.tools.debian.KernelModules;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.MemoryPlan;

/** Makes the card of a person's wishes, and has it checked before it gets its name. */
public final class CardBuild {
  private static final long MIB = 1 << 20;

  /** Free room for what is changed on the card later. */
  private static final long BOOT_MARGIN = 32 * MIB;

  private static final long ROOT_MARGIN = 128 * MIB;

  private final Cache cache;
  private final Progress progress;

  public CardBuild(Cache cache, Progress progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /**
   * What was made.
   *
   * @param memory what U-Boot's memory is used for
   * @param notes what the person should know who wanted it
   */
  public record Made(
      Path file, PartitionTable table, List<MemoryPlan.Range> memory, List<String> notes) {}

  /** Makes the card. */
  public Made run(CardTarget target, CardRequest request, Path output) throws IOException {
    target.check(request);
    if (Files.isDirectory(output)) {
      throw new ToolException(
          "--output: " + output + " is a folder", "--output " + output.resolve("card.img"));
    }
    List<String> notes = new ArrayList<>();
    if (request.tree() != null) {
      notes.addAll(TreeFile.notes(request.tree()));
    }
    PackageStore.Packages packages = new PackageStore(cache, progress, request.suite()).packages();
    Path scratch = Files.createTempDirectory(cache.directory("scratch"), "card");
    try {
      CardContents contents =
          progress.compute(
              "assembling Dom0 of " + request.suite(),
              () -> gather(target, request, packages, scratch, notes));
      SdCard card = new SdCard(target, contents);
      PartitionTable table = partition(card, request.bytes(), target);
      Path unfinished = scratch.resolve("card.img");
      progress.step("writing the card", () -> card.write(unfinished, table));
      progress.step("checking the card", () -> CardCheck.check(unfinished, table));
      replace(output, unfinished);
      return new Made(output, table, card.memoryMap(), notes);
    } finally {
      Cache.delete(scratch);
    }
  }

  /** {@code output} is as it was until all of the new one is there. */
  static void replace(Path output, Path by) throws IOException {
    Path file = output.toAbsolutePath();
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Path beside = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      SuiteImages.copyDisk(by, beside);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private CardContents gather(
      CardTarget target,
      CardRequest request,
      PackageStore.Packages packages,
      Path scratch,
      List<String> notes)
      throws IOException {
    Path tree = Files.createDirectory(scratch.resolve("root"));
    Dom0Files dom0 = new Dom0Files(tree, request.suite(), packages, target.partition());
    if (target.board().equals(CardTarget.QEMU)) {
      dom0.addDomus();
    }
    Path kernel = scratch.resolve("Image");
    KernelFile.copy(request.kernel() == null ? dom0.kernel() : request.kernel(), kernel);
    Files.copy(kernel, tree.resolve("boot/Image"), StandardCopyOption.REPLACE_EXISTING);
    KernelDrivers drivers = drivers(request, dom0, kernel);
    new XenFolder(target, dom0).write(drivers.ofDomu());
    Path ramdisk = ramdisk(target, request, dom0, drivers, scratch.resolve("initramfs"));
    notes.addAll(drivers.notes());
    Path board = request.tree();
    if (board == null && !target.tree().isEmpty()) {
      board = BoardCard.compileTree(target.board(), scratch.resolve("board.dtb"));
    }
    return new CardContents(
        kernel,
        ramdisk,
        board,
        request.fabric(),
        request.hypervisor(),
        request.others(),
        tree,
        request.suite().xenVersion());
  }

  /** Those of the kernel that Dom0 and the DomUs run; an own one's modules go into Dom0's root. */
  private static KernelDrivers drivers(CardRequest request, Dom0Files dom0, Path kernel)
      throws IOException {
    if (request.kernel() == null) {
      return new KernelDrivers(dom0.root().modules());
    }
    return request.modules() == null
        ? new KernelDrivers(null)
        : new KernelDrivers(
            new KernelModules(OwnModules.copy(request.modules(), kernel, dom0.tree())));
  }

  /** None for an own kernel that has all drivers built in, as far as anybody knows. */
  private static @Nullable Path ramdisk(
      CardTarget target, CardRequest request, Dom0Files dom0, KernelDrivers drivers, Path file)
      throws IOException {
    if (request.ramdisk() != null) {
      return request.ramdisk();
    }
    if (request.kernel() == null) {
      dom0.writeRamdisk(file);
      return file;
    }
    List<Path> modules = drivers.ofRoot(target.drivers());
    if (modules.isEmpty()) {
      return null;
    }
    dom0.writeRamdisk(file, modules);
    return file;
  }

  private static PartitionTable partition(SdCard card, long wanted, CardTarget target)
      throws IOException {
    long boot = Math.max(target.bootBytes(), wholeMib(card.bootBytes() + BOOT_MARGIN));
    long root = wholeMib(card.rootBytes() * 11 / 10 + ROOT_MARGIN);
    long least = PartitionTable.BOOT_START + boot + root;
    if (wanted == 0) {
      return new PartitionTable(boot, Math.max(root, target.rootBytes()));
    }
    if (wanted < least) {
      throw new ToolException(
          "a card of "
              + wanted / MIB
              + " MiB is too small: "
              + boot / MIB
              + " MiB for the boot loader's files and "
              + root / MIB
              + " for Dom0's root",
          "--size " + least / MIB + "M or more");
    }
    return new PartitionTable(boot, (wanted - PartitionTable.BOOT_START - boot) / MIB * MIB);
  }

  private static long wholeMib(long bytes) {
    return (bytes + MIB - 1) / MIB * MIB;
  }
}
