package ristretto.system;

import java.nio.file.Path;
import java.util.Optional;
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
 * ours, for instance Debian's Xen: what fails with ours and passes with it is our fault.
 */
final class Systems {
  static final VirtualMachine SMALL = new VirtualMachine("cortex-a76", 2, 2048, 3);

  private static final SuiteImages IMAGES =
      new SuiteImages(Cache.ofUser(), Progress.onStandardError());

  private Systems() {}

  /** A machine for tests to which its kind does not matter: small, and booted the quickest way. */
  static Boot small() {
    return boot(SMALL, Boot.Way.DIRECT, Suite.TRIXIE);
  }

  static Boot boot(VirtualMachine machine, Boot.Way way, Suite suite) {
    return Boot.of(machine, way, IMAGES, IMAGES.assemble(suite), hypervisor());
  }

  /** Says what happens next: minutes pass without another sign of life. */
  static void note(String text) {
    System.out.println("[system] " + text);
  }

  private static Path hypervisor() {
    return Optional.ofNullable(System.getProperty("ristretto.hypervisor"))
        .map(Path::of)
        .orElseGet(() -> new HypervisorBuild(Project.current(), Progress.onStandardError()).run());
  }
}
