package ristretto.tools.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Installs Debian packages that are missing on the host, after it has said which and how. */
public final class Installer {
  private static final String QEMU = "qemu-system-arm";
  private static final Path BACKPORTS =
      Path.of("/etc/apt/sources.list.d/ristretto-backports.sources");

  private final Progress progress;
  private final Supplier<String> mirror;

  /**
   * Prepares an installer; nothing is done yet.
   *
   * @param mirror the Debian mirror that the host uses; asked for only when backports are needed
   */
  public Installer(Progress progress, Supplier<String> mirror) {
    this.progress = progress;
    this.mirror = mirror;
  }

  /** A file of apt's to write first, and the commands to run. */
  record Plan(List<String> packages, String backports, List<List<String>> commands) {
    /** The plan as one would type it. */
    List<String> typed() {
      List<String> lines = new ArrayList<>();
      if (!backports.isEmpty()) {
        lines.add(
            "printf '"
                + backports.strip().replace("\n", "\\n")
                + "\\n' | "
                + String.join(" ", asRoot(List.of("tee", BACKPORTS.toString()))));
      }
      commands.forEach(command -> lines.add(String.join(" ", asRoot(command))));
      return lines;
    }
  }

  /** What would install these. */
  public List<String> commandsFor(List<Requirement> missing) {
    return plan(missing).typed();
  }

  /**
   * Installs what is missing. Asks first when there is a terminal, unless told not to.
   *
   * @throws ToolException when the answer is no, or apt fails
   */
  public void install(List<Requirement> missing, boolean withoutAsking) {
    if (missing.isEmpty()) {
      return;
    }
    Plan plan = plan(missing);
    System.err.println("missing Debian packages: " + String.join(", ", plan.packages()));
    plan.typed().forEach(line -> System.err.println("  " + line));
    if (!withoutAsking && Progress.hasTerminal() && !confirmed()) {
      throw new ToolException("nothing was installed", "run the commands above");
    }
    if (!plan.backports().isEmpty()) {
      writeBackports(plan.backports());
    }
    for (List<String> command : plan.commands()) {
      String what = command.contains("update") ? "updating apt's lists" : "installing packages";
      progress.step(
          what, () -> Command.of(asRoot(command)).with("DEBIAN_FRONTEND", "noninteractive").run());
    }
    List<Requirement> still = Requirement.missing();
    if (!still.isEmpty()) {
      throw new ToolException(
          "still missing after the installation: "
              + String.join(", ", still.stream().map(Requirement::name).toList()),
          "./ristretto doctor");
    }
  }

  private Plan plan(List<Requirement> missing) {
    List<String> packages = missing.stream().map(Requirement::debianPackage).distinct().toList();
    String codename = OsRelease.ofHost().codename();
    return plan(packages, codename, codename.equals("bookworm") ? mirror.get() : "");
  }

  /**
   * Debian 12's own QEMU is too old; its backports have a newer one.
   *
   * @param mirror used for bookworm only
   */
  static Plan plan(List<String> packages, String codename, String mirror) {
    boolean backports = codename.equals("bookworm") && packages.contains(QEMU);
    List<List<String>> commands = new ArrayList<>();
    commands.add(List.of("apt-get", "-qq", "update"));
    List<String> plain =
        packages.stream().filter(name -> !backports || !name.equals(QEMU)).toList();
    if (backports) {
      commands.add(
          List.of(
              "apt-get",
              "-qq",
              "-y",
              "install",
              "--no-install-recommends",
              "-t",
              "bookworm-backports",
              QEMU));
    }
    if (!plain.isEmpty()) {
      List<String> install =
          new ArrayList<>(List.of("apt-get", "-qq", "-y", "install", "--no-install-recommends"));
      install.addAll(plain);
      commands.add(List.copyOf(install));
    }
    return new Plan(packages, backports ? backportsSource(mirror) : "", commands);
  }

  private static String backportsSource(String mirror) {
    return """
    Types: deb
    URIs: %s
    Suites: bookworm-backports
    Components: main
    Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
    """
        .formatted(mirror);
  }

  private static void writeBackports(String content) {
    try {
      Path file = Files.createTempFile("ristretto", ".sources");
      Files.writeString(file, content);
      List<String> words = List.of("install", "-m", "644", file.toString(), BACKPORTS.toString());
      Command.of(asRoot(words)).run();
      Files.delete(file);
    } catch (IOException e) {
      throw new ToolException("cannot write " + BACKPORTS, e);
    }
  }

  private static List<String> asRoot(List<String> words) {
    if ("root".equals(System.getProperty("user.name"))) {
      return words;
    }
    List<String> all = new ArrayList<>(List.of("sudo"));
    all.addAll(words);
    return all;
  }

  private static boolean confirmed() {
    System.err.print("Run these? [Y/n] ");
    System.err.flush();
    try {
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String answer = answers.readLine();
      return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("n");
    } catch (IOException e) {
      return false;
    }
  }
}
