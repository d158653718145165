package ristretto.tools.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.host.ToolException;

/**
 * Runs Maven over the project with the JDK that runs us, and reports one line for each test class.
 */
final class MavenRun {
  /** A line that a long test prints about itself: shown as it comes. */
  static final String NOTE = "[system] ";

  private static final Pattern CLASS_DONE =
      Pattern.compile(
          "Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: (\\d+), "
              + "Time elapsed: ([\\d.,]+) s.* in ([\\w.$]+)");

  private static final Pattern OFFLINE =
      Pattern.compile("offline mode|has not been downloaded from it before");

  /** What Maven says after every error; we name its whole output instead. */
  private static final Pattern MAVENS_ADVICE =
      Pattern.compile(
          "To see the full stack trace|Re-run Maven using|For more information about the errors"
              + "|\\[Help \\d+] http");

  private final Path home;
  private final PrintStream out;

  MavenRun(Path home, PrintStream out) {
    this.home = home;
    this.out = out;
  }

  /** Runs Maven without the network, or with it when something was never downloaded. */
  boolean run(List<String> arguments) {
    Path log = home.resolve("target/ristretto/test.log");
    try {
      Files.createDirectories(log.getParent());
      boolean succeeded = attempt(arguments, log, true);
      if (!succeeded && OFFLINE.matcher(Files.readString(log)).find()) {
        out.println("Maven needs to download something");
        succeeded = attempt(arguments, log, false);
      }
      if (!succeeded) {
        out.println("Maven's whole output: " + log);
      }
      return succeeded;
    } catch (IOException e) {
      throw new ToolException("cannot run Maven: " + e.getMessage(), "./ristretto doctor");
    }
  }

  private boolean attempt(List<String> arguments, Path log, boolean offline) throws IOException {
    List<String> words = new ArrayList<>(List.of("mvn", "-B", "-Dstyle.color=never"));
    if (offline) {
      words.add("-o");
    }
    words.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .merge(
            "MAVEN_OPTS", "--sun-misc-unsafe-memory-access=allow", (old, more) -> more + " " + old);
    Process process = builder.start();
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        PrintStream copy =
            new PrintStream(Files.newOutputStream(log), false, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.println(line);
        if (!(offline && OFFLINE.matcher(line).find())) {
          show(line);
        }
      }
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroy();
    }
  }

  private void show(String line) {
    String shown = condense(line);
    if (!shown.isEmpty()) {
      out.println(shown);
      out.flush();
    }
  }

  /** What a reader needs of a line of Maven's; empty for nothing. */
  static String condense(String line) {
    Matcher done = CLASS_DONE.matcher(line);
    if (done.find()) {
      int bad = Integer.parseInt(done.group(2)) + Integer.parseInt(done.group(3));
      String verdict = bad == 0 ? "ok  " : "FAIL";
      return "%s %4s tests %8s s  %s"
          .formatted(verdict, done.group(1), done.group(5), done.group(6));
    }
    if (line.startsWith("[ERROR]")) {
      boolean advice = MAVENS_ADVICE.matcher(line).find();
      return advice || line.substring("[ERROR]".length()).isBlank() ? "" : line;
    }
    if (line.contains(NOTE)) {
      return line.substring(line.indexOf(NOTE));
    }
    Matcher module =
        Pattern.compile("^\\[INFO] Building (.*?) \\S+\\s+\\[(\\d+/\\d+)]").matcher(line);
    return module.find() ? "---- " + module.group(2) + " " + module.group(1) : "";
  }
}
