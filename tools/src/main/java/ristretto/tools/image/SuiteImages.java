package ristretto.tools.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.debian.Suite;
import ristretto.tools.debian.TestedVersions;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.Progress;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.BootScripts;

/**
 * What a machine is started from, for one suite: made once, kept in the cache, named after its
 * contents.
 */
public final class SuiteImages {
  private static final int DISKS_KEPT = 6;
  private static final int SUITES_KEPT = 6;

  private final Cache cache;
  private final Progress progress;

  public SuiteImages(Cache cache, Progress progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /** The files of one suite, in a directory of the cache. */
  public record Assembled(Suite suite, Path directory) {
    public Path kernel() {
      return directory.resolve("Image");
    }

    public Path ramdisk() {
      return directory.resolve("initramfs");
    }

    /** Debian's own hypervisor of the suite, to compare with. */
    public Path debianXen() {
      return directory.resolve("xen");
    }

    /** A disk that lacks the hypervisor. */
    Path disk() {
      return directory.resolve("disk.img");
    }

    /** The packages that all this was made of, one a line. */
    public Path manifest() {
      return directory.resolve("manifest");
    }
  }

  /** Fetches and assembles what is not there yet. */
  public Assembled assemble(Suite suite) {
    PackageStore.Packages packages = new PackageStore(cache, progress, suite).packages();
    tellDifferences(suite, packages);
    String key =
        Cache.key(digest -> {
          digest.update(packages.manifest().getBytes(StandardCharsets.UTF_8));
          Dom0Files.sources().forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
          Recipe.of(SuiteImages.class).values().forEach(digest::update);
        });
    Path directory =
        cache.filled(
            "suites/" + suite + "-" + key,
            into ->
                progress.step(
                    "assembling the disk image of " + suite, () -> build(suite, packages, into)));
    cache.keepNewest("suites", SUITES_KEPT);
    return new Assembled(suite, directory);
  }

  private static void tellDifferences(Suite suite, PackageStore.Packages packages) {
    List<TestedVersions.Difference> differences = packages.differences(suite);
    if (!differences.isEmpty()) {
      System.err.println(
          "packages of "
              + suite
              + " that are not those the tests were run with: "
              + differences.size()
              + ", first of them: "
              + differences.getFirst()
              + ". ./ristretto doctor lists all");
    }
  }

  /** The disk of a suite with this hypervisor on it. */
  public Path disk(Assembled assembled, Path hypervisor) {
    SdCard.checkHypervisor(hypervisor);
    String key =
        Cache.key(digest -> {
          digest.update(assembled.directory().toString().getBytes(StandardCharsets.UTF_8));
          update(digest, hypervisor);
        });
    Path directory =
        cache.filled(
            "disks/" + key,
            into -> {
              Path disk = into.resolve("disk.img");
              copyDisk(assembled.disk(), disk);
              DiskImage.open(disk).put(hypervisor, BootScripts.HYPERVISOR);
            });
    cache.keepNewest("disks", DISKS_KEPT);
    return directory.resolve("disk.img");
  }

  /** The disk of a suite without a hypervisor: it boots Linux natively. */
  public Path disk(Assembled assembled) {
    return assembled.disk();
  }

  /**
   * Makes a disk for good of one of ours, or puts the present hypervisor on an older one.
   *
   * @param hypervisor null leaves out the hypervisor
   */
  public void keep(Path disk, Path kept, @Nullable Path hypervisor) {
    if (!Files.exists(kept)) {
      copyDisk(disk, kept);
    } else if (hypervisor != null) {
      DiskImage.open(kept).put(hypervisor, BootScripts.HYPERVISOR);
    }
  }

  /** Copies a disk image without filling its holes. */
  static void copyDisk(Path from, Path to) {
    Command.of("cp", "--reflink=auto", "--sparse=always", from.toString(), to.toString()).run();
  }

  private static void build(Suite suite, PackageStore.Packages packages, Path into)
      throws IOException {
    Assembled result = new Assembled(suite, into);
    CardTarget target = CardTarget.qemu();
    Path tree = Files.createDirectory(into.resolve("root"));
    Dom0Files dom0 = new Dom0Files(tree, suite, packages, target.partition());
    dom0.addDomus();
    Files.copy(dom0.kernel(), result.kernel());
    dom0.root().copyDebianXen(packages, result.debianXen());
    dom0.writeRamdisk(result.ramdisk());
    CardContents contents =
        new CardContents(
            result.kernel(),
            result.ramdisk(),
            null,
            null,
            null,
            List.of(),
            tree,
            suite.xenVersion());
    new SdCard(target, contents)
        .write(result.disk(), new PartitionTable(target.bootBytes(), target.rootBytes()));
    Cache.delete(tree);
    Files.writeString(result.manifest(), packages.manifest());
  }

  private static void update(MessageDigest digest, Path file) {
    try {
      digest.update(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ToolException("cannot read " + file, e);
    }
  }
}
