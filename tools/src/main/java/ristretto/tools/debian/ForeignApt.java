package ristretto.tools.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.host.Command;
import ristretto.tools.host.ToolException;

/**
 * apt for arm64 packages of one suite, with its own lists, status and keys in a directory of ours:
 * the host's package database is neither read nor changed, and no root is needed. Archives are
 * accepted with a valid signature of the Debian keyring only.
 */
final class ForeignApt {
  private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  private final Path home;
  private final Suite suite;

  ForeignApt(Path home, Suite suite, String mirror) {
    this.home = home;
    this.suite = suite;
    if (!Files.isReadable(KEYRING)) {
      throw new ToolException(
          "no Debian archive keys at " + KEYRING, "apt-get install debian-archive-keyring");
    }
    try {
      for (String name :
          List.of(
              "lists/partial", "cache/archives/partial", "sources.d", "preferences.d", "keys")) {
        Files.createDirectories(home.resolve(name));
      }
      Files.writeString(home.resolve("status"), "");
      Files.writeString(
          home.resolve("sources.list"),
          "deb [signed-by=" + KEYRING + "] " + mirror + " " + suite + " main\n");
    } catch (IOException e) {
      throw new ToolException("cannot prepare " + home, e);
    }
  }

  /** Fetches the suite's package lists. */
  void update() {
    Command.Result result = command(List.of("apt-get", "-qq", "update")).attempt();
    if (result.output().contains("NO_PUBKEY")) {
      throw new ToolException(
          "the Debian keys of this machine do not know " + suite + ":\n" + result.output().strip(),
          "apt-get update && apt-get install debian-archive-keyring");
    }
    if (!result.succeeded() || result.output().contains("W: Failed to fetch")) {
      throw new ToolException(
          "cannot fetch the package lists of " + suite + ":\n" + result.output().strip(),
          "check that apt-get update works here, or set " + AptSources.MIRROR_VARIABLE);
    }
  }

  /** The packages that installing these, and nothing else, would bring. */
  List<String> closure(List<String> packages) {
    List<String> words = new ArrayList<>(List.of("apt-get", "-s", "-qq", "install"));
    words.addAll(packages);
    return command(words)
        .run()
        .lines()
        .filter(line -> line.startsWith("Inst "))
        .map(line -> line.split(" ", 3)[1])
        .sorted()
        .toList();
  }

  /**
   * The first package that a meta-package depends on: how linux-image-arm64 names the current
   * kernel.
   */
  String firstDependency(String metaPackage) {
    return command(List.of("apt-cache", "show", "--no-all-versions", metaPackage))
        .run()
        .lines()
        .filter(line -> line.startsWith("Depends: "))
        .map(line -> line.substring("Depends: ".length()).split("[ ,]", 2)[0])
        .findFirst()
        .orElseThrow(() -> new ToolException(metaPackage + " of " + suite + " depends on nothing"));
  }

  /** The versions and sizes of packages, as the lists have them. */
  List<DebianPackage> describe(List<String> packages) {
    List<String> words = new ArrayList<>(List.of("apt-cache", "show", "--no-all-versions"));
    words.addAll(packages);
    return DebianPackage.parse(command(words).run());
  }

  /** Downloads packages that are not there yet; apt checks each against the signed lists. */
  void download(List<String> packages, Path into) {
    List<String> words = new ArrayList<>(List.of("apt-get", "-qq", "download"));
    words.addAll(packages);
    command(words).in(into).run();
  }

  private Command command(List<String> programAndArguments) {
    List<String> words = new ArrayList<>(programAndArguments);
    option(words, "Dir::State::lists", home.resolve("lists"));
    option(words, "Dir::State::status", home.resolve("status"));
    option(words, "Dir::Cache", home.resolve("cache"));
    option(words, "Dir::Etc::sourcelist", home.resolve("sources.list"));
    option(words, "Dir::Etc::sourceparts", home.resolve("sources.d"));
    option(words, "Dir::Etc::preferencesparts", home.resolve("preferences.d"));
    option(words, "Dir::Etc::preferences", home.resolve("preferences"));
    option(words, "Dir::Etc::trustedparts", home.resolve("keys"));
    option(words, "Dir::Etc::trusted", home.resolve("keys/none.gpg"));
    option(words, "APT::Architecture", "arm64");
    option(words, "APT::Architectures", "arm64");
    option(words, "APT::Install-Recommends", "false");
    option(words, "APT::Get::AllowUnauthenticated", "false");
    option(words, "Acquire::AllowInsecureRepositories", "false");
    option(words, "Acquire::Languages", "none");
    option(words, "APT::Sandbox::User", "root"); // our directories are not the sandbox user's
    option(words, "APT::Update::Post-Invoke", "");
    option(words, "Debug::NoLocking", "true"); // the cache has its own lock
    return Command.of(words).with("LC_ALL", "C");
  }

  private static void option(List<String> words, String name, Object value) {
    words.add("-o");
    words.add(name + "=" + value);
  }
}
