package ristretto.tools.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.debian.Dom0Root;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.debian.Suite;
import ristretto.tools.debian.TestedVersions;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Resources;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.BootScripts;
import ristretto.tools.uboot.ImageHeader;
import ristretto.tools.uboot.LoadAddresses;

/**
 * What a machine is started from, for one suite: made once, kept in the cache, named after its
 * contents.
 */
public final class SuiteImages {
  /**
   * QEMU's virt has its RAM from 1 GiB on; U-Boot leaves the first MiBs to device tree and scripts.
   */
  private static final long LOAD_BASE = 0x4400_0000L;

  private static final long MIB = 1 << 20;
  private static final long BOOT_BYTES = 128 * MIB;
  private static final long ROOT_BYTES = 768 * MIB;

  /** Modules without which the root file system cannot be reached. */
  private static final List<String> EARLY_MODULES =
      List.of("virtio_mmio", "virtio_pci", "virtio_blk", "crc32c_generic", "ext4");

  /** Their bytes name the images: another recipe gives another name. */
  private static final List<Class<?>> RECIPE =
      List.of(
          SuiteImages.class,
          Dom0Root.class,
          DomuFiles.class,
          InitialRamdisk.class,
          DiskImage.class,
          PartitionTable.class,
          BootScripts.class,
          LoadAddresses.class);

  private static final String INITIAL = "dom0/initramfs-init";

  /** And so do the files that are put into them. */
  private static final List<String> RESOURCES =
      Stream.of(List.of(INITIAL), Dom0Root.RESOURCES, DomuFiles.RESOURCES)
          .flatMap(List::stream)
          .toList();

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
          RESOURCES.forEach(
              name -> digest.update(Resources.text(name).getBytes(StandardCharsets.UTF_8)));
          RECIPE.forEach(part -> digest.update(classBytes(part)));
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
    ImageHeader.read(hypervisor);
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
              DiskImage.open(disk).put(hypervisor, "xen");
            });
    cache.keepNewest("disks", DISKS_KEPT);
    return directory.resolve("disk.img");
  }

  /** The disk of a suite without a hypervisor: it boots Linux natively. */
  public Path disk(Assembled assembled) {
    return assembled.disk();
  }

  /**
   * Makes a disk for good of one of ours, or brings the kernel's side of an older one up to date.
   *
   * @param hypervisor null leaves out the hypervisor
   */
  public void keep(Path disk, Path kept, @Nullable Path hypervisor) {
    if (!Files.exists(kept)) {
      copyDisk(disk, kept);
    } else if (hypervisor != null) {
      DiskImage.open(kept).put(hypervisor, "xen");
    }
  }

  /** Copies a disk image without filling its holes. */
  private static void copyDisk(Path from, Path to) {
    Command.of("cp", "--reflink=auto", "--sparse=always", from.toString(), to.toString()).run();
  }

  private static void build(Suite suite, PackageStore.Packages packages, Path into)
      throws IOException {
    Assembled result = new Assembled(suite, into);
    Path tree = Files.createDirectory(into.resolve("root"));
    Dom0Root root = new Dom0Root(tree, suite);
    root.fill(packages);
    Files.copy(root.kernel(), result.kernel());
    root.copyDebianXen(packages, result.debianXen());
    try (InitialRamdisk ramdisk = new InitialRamdisk(Files.newOutputStream(result.ramdisk()))) {
      ramdisk.shell(tree.resolve("bin/busybox"), Resources.text(INITIAL));
      ramdisk.modules(root.modules().loadOrder(EARLY_MODULES));
    }
    new DomuFiles(tree).write(root);
    DiskImage disk = DiskImage.create(result.disk(), new PartitionTable(BOOT_BYTES, ROOT_BYTES));
    disk.put(result.kernel(), "Image");
    disk.put(result.ramdisk(), "initramfs");
    putScripts(disk, into, result);
    disk.fillRoot(tree, "root".equals(System.getProperty("user.name")));
    Cache.delete(tree);
    Files.writeString(result.manifest(), packages.manifest());
  }

  private static void putScripts(DiskImage disk, Path scratch, Assembled result)
      throws IOException {
    LoadAddresses addresses =
        LoadAddresses.from(
            LOAD_BASE,
            ImageHeader.read(result.kernel()).imageBytes(),
            Files.size(result.ramdisk()));
    BootScripts scripts = new BootScripts(addresses, result.suite().xenVersion());
    Path wrapped = scratch.resolve("script");
    BootScripts.wrap(scripts.nativeScript(), wrapped);
    disk.put(wrapped, BootScripts.NATIVE);
    BootScripts.wrap(scripts.xenScript(), wrapped);
    disk.put(wrapped, BootScripts.XEN);
    Files.delete(wrapped);
  }

  private static void update(MessageDigest digest, Path file) {
    try {
      digest.update(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ToolException("cannot read " + file, e);
    }
  }

  private static byte[] classBytes(Class<?> type) {
    String name = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no class file of " + type);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ToolException("cannot read the class file of " + type, e);
    }
  }
}
