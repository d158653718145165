package ristretto.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import ristretto.tools.debian.AptSources;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.debian.Suite;
import ristretto.tools.debian.TestedVersions;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Installer;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.host.Requirement;

/** Says what is here, what is missing, and the command that fixes it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Say what is present, what is missing, and the command that fixes it.",
    footer = {
      "",
      "Example: ./ristretto doctor",
      "Exit status: 0 nothing is missing, 1 something is."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--accept-versions",
      description =
          "Record the fetched packages as those that the tests were run with; for committers,"
              + " after ./ristretto test.")
  private boolean acceptVersions;

  @Override
  public Integer call() throws Exception {
    Progress progress = Progress.onStandardError();
    if (acceptVersions) {
      Path file = TestedVersions.write(Project.current().home(), Cache.ofUser(), progress);
      System.out.println("written: " + file + "; commit it");
      return 0;
    }
    line("ok", "JDK " + Runtime.version().feature(), System.getProperty("java.home"));
    List<Requirement> missing = new ArrayList<>();
    for (Requirement requirement : Requirement.all()) {
      Optional<String> found = requirement.find();
      String verdict = found.isPresent() ? "ok" : requirement.optional() ? "optional" : "MISSING";
      String where = "package " + requirement.debianPackage() + ": " + requirement.purpose();
      line(verdict, requirement.name(), found.orElse(where));
      if (found.isEmpty() && !requirement.optional()) {
        missing.add(requirement);
      }
    }
    describeCache(progress);
    Path image = Project.current().image();
    line(
        Files.exists(image) ? "ok" : "later",
        "hypervisor",
        Files.exists(image) ? image.toString() : "./ristretto build makes " + image);
    if (missing.isEmpty()) {
      return 0;
    }
    System.out.println("\nTo fix it (or start ./ristretto run --yes, which does it):");
    Installer installer = new Installer(progress, () -> AptSources.ofHost().debianMirror());
    installer.commandsFor(missing).forEach(command -> System.out.println("  " + command));
    return 1;
  }

  private static void describeCache(Progress progress) throws IOException {
    Cache cache = Cache.ofUser();
    for (Suite suite : Suite.values()) {
      PackageStore store = new PackageStore(cache, progress, suite);
      String state =
          store.isComplete()
              ? kernel(store.manifestFile())
              : "./ristretto run --suite " + suite + " fetches it";
      line(store.isComplete() ? "ok" : "later", "packages of " + suite, state);
      if (store.isComplete()) {
        describeDifferences(suite, store);
      }
    }
  }

  private static void describeDifferences(Suite suite, PackageStore store) {
    for (TestedVersions.Difference difference : store.packages().differences(suite)) {
      line("differs", "  tested version", difference.toString());
    }
  }

  private static String kernel(Path manifest) throws IOException {
    return Files.readAllLines(manifest).stream()
        .filter(line -> line.startsWith("linux-image-") || line.startsWith("xen-utils-4"))
        .map(line -> String.join(" ", List.of(line.split(" ", -1)).subList(0, 2)))
        .reduce((first, second) -> first + ", " + second)
        .orElse(manifest.toString());
  }

  private static void line(String verdict, String name, String detail) {
    System.out.printf("  %-9s %-26s %s%n", verdict, name, detail);
  }
}
