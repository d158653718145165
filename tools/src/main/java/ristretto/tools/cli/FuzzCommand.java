package ristretto.tools.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;

/** Fuzzes what guests and boot loaders reach, on the JVM, for longer than the tests do. */
@Command(
    name = "fuzz",
    mixinStandardHelpOptions = true,
    description = {
      "Fuzzes the hypervisor on a simulated machine: guests that do anything, damaged boot files.",
      "A failure prints the seed that repeats it: './ristretto fuzz --repeat SEED'."
    },
    footer = {"", "Example: ./ristretto fuzz --seconds 30 --tests HypercallFuzzTest"})
final class FuzzCommand implements Callable<Integer> {
  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "120",
      description = "How long each kind of fuzzing begins new rounds (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the first round; a random one unless given.")
  private @Nullable Long seed;

  @Option(names = "--repeat", paramLabel = "SEED", description = "One round with this seed.")
  private @Nullable Long repeat;

  @Option(
      names = "--tests",
      paramLabel = "PATTERN",
      defaultValue = "*FuzzTest,!Jazzer*",
      description = "Only fuzz tests with matching names, for instance 'HypercallFuzzTest'.")
  private String pattern = "";

  @Option(
      names = "--coverage",
      paramLabel = "TARGET",
      description = {
        "Guided by coverage, with Jazzer, for ten minutes: one target, for instance",
        "'JazzerFuzzTest#hypercalls' or 'JazzerBootFuzzTest#tree'. What it finds is kept as an",
        "input beside the test, which replays it from then on."
      })
  private @Nullable String target;

  @Override
  public Integer call() {
    if (repeat != null && seed != null) {
      throw new ToolException("--repeat and --seed exclude each other");
    }
    if (target != null && (repeat != null || seed != null)) {
      throw new ToolException("--coverage excludes --repeat and --seed: Jazzer has its own");
    }
    List<String> arguments = new ArrayList<>(List.of("-Dfast", "-pl", "hypervisor", "-am"));
    String tests = pattern;
    if (target != null) {
      arguments.add("-Pjazzer");
      tests = target;
    }
    if (repeat != null) {
      arguments.add("-Dristretto.seed=" + repeat);
    } else {
      long first = seed != null ? seed : new Random().nextInt(Integer.MAX_VALUE);
      System.out.println("first seed: " + first);
      arguments.add("-Dristretto.fuzz.first=" + first);
    }
    arguments.add("-Dristretto.fuzz.seconds=" + seconds);
    arguments.addAll(List.of("-Dtest=" + tests, "-Dsurefire.failIfNoSpecifiedTests=false", "test"));
    Path home = Project.current().home();
    TestReports.clear(home);
    boolean passed = new MavenRun(home, System.out).run(arguments);
    if (passed) {
      TestReports.read(home).requireSome(tests);
    }
    return passed ? 0 : 1;
  }
}
