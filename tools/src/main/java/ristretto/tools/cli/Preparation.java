package ristretto.tools.cli;

import ristretto.tools.debian.AptSources;
import ristretto.tools.host.Installer;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Requirement;

/** What happens before a command that needs the host's packages. */
final class Preparation {
  private Preparation() {}

  /** Installs what is missing. */
  static void installMissing(Progress progress, boolean withoutAsking) {
    Installer installer = new Installer(progress, () -> AptSources.ofHost().debianMirror());
    installer.install(Requirement.missing(), withoutAsking);
  }
}
