package ristretto.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.image.HypervisorBuild;
import ristretto.tools.image.SuiteImages;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.VirtualMachine;

/**
 * Boots for system tests. The system property {@code ristretto.hypervisor} names another image than
 * ours, or says {@code debian} for the suite's own Xen: what fails with ours and passes with it is
 * our fault.
 */
final class Systems {
  static final VirtualMachine SMALL = new VirtualMachine("cortex-a76", 2, 2048, 3);

  /** Options of Dom0's kernel, to which it does not matter how fast the host is. */
  static final String PATIENT =
      "nowatchdog rcupdate.rcu_cpu_stall_suppress=1 workqueue.watchdog_thresh=0";

  private static final SuiteImages IMAGES =
      new SuiteImages(Cache.ofUser(), Progress.onStandardError());

  private static final @Nullable String OTHER = System.getProperty("ristretto.hypervisor");

  private Systems() {}

  /** A machine for tests to which its kind does not matter: small, and booted the quickest way. */
  static Boot small() {
    return boot(SMALL, Boot.Way.DIRECT, Suite.TRIXIE);
  }

  static Boot boot(VirtualMachine machine, Boot.Way way, Suite suite) {
    SuiteImages.Assembled files = IMAGES.assemble(suite);
    return Boot.of(machine, way, IMAGES, files, hypervisor(files));
  }

  /** QEMU's options for a disk behind Dom0's: its {@code /dev/vdb}. */
  static List<String> disk(Path content) {
    return disk(content, "");
  }

  /** The same, which nobody can write to. */
  static List<String> readOnlyDisk(Path content) {
    return disk(content, "readonly=on,");
  }

  private static List<String> disk(Path content, String access) {
    return List.of(
        "-drive",
        "if=none,format=raw," + access + "id=second,file=" + content,
        "-device",
        "virtio-blk-device,drive=second");
  }

  /** Says what happens next: minutes pass without another sign of life. */
  static void note(String text) {
    System.out.println("[system] " + text);
  }

  /** Passes over a test that another hypervisor cannot pass, through no fault of its own. */
  static void onlyOurs(String reason) {
    assumeTrue(ours(), reason);
  }

  /** Whether it is our hypervisor that runs. */
  static boolean ours() {
    return OTHER == null;
  }

  private static Path hypervisor(SuiteImages.Assembled files) {
    if (OTHER == null) {
      return new HypervisorBuild(Project.current(), Progress.onStandardError()).run();
    }
    return OTHER.equals("debian") ? files.debianXen() : Path.of(OTHER);
  }
}
