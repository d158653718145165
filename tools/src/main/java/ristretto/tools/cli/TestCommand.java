package ristretto.tools.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;

/** Runs the tests; the last line that it prints is the count. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Run every test: on the JVM, of the image in QEMU, and of whole systems.",
    footer = {
      "",
      "Example: ./ristretto test --tests BootMatrixTest",
      "The last line is \"N passed, N failed\"; exit status 0 when none failed."
    })
final class TestCommand implements Callable<Integer> {
  /** Tags of tests that start QEMU. */
  private static final String SLOW_TAGS = "system | qemu";

  /** The tag of tests that take too long for every day. */
  private static final String ENDURANCE = "endurance";

  /** Multiplies the deadlines of tests: another hypervisor may well take longer. */
  private static final int PATIENCE = 4;

  @Option(
      names = "--quick",
      description = "The tests that run on the JVM alone: under two minutes.")
  private boolean quick;

  @Option(
      names = "--endurance",
      description = "Instead of all others the tests that take long: half an hour and more.")
  private boolean endurance;

  @Option(
      names = "--tests",
      paramLabel = "PATTERN",
      description = "Only test classes with matching names, for instance 'Boot*Test'.")
  private @Nullable String pattern;

  @Option(
      names = "--hypervisor",
      paramLabel = "debian|FILE",
      description = {
        "Only whole systems, and under another hypervisor: Debian's Xen, or an image.",
        "What fails there, too, is the test's fault."
      })
  private @Nullable String hypervisor;

  @ParentCommand private @Nullable Main main;

  @Override
  public Integer call() throws Exception {
    if ((quick ? 1 : 0) + (endurance ? 1 : 0) + (hypervisor == null ? 0 : 1) > 1) {
      throw new ToolException("--quick, --endurance and --hypervisor exclude each other");
    }
    if (!quick) {
      Preparation.installMissing(
          Progress.onStandardError(), main != null && main.installsWithoutAsking());
    }
    Path home = Project.current().home();
    TestReports.clear(home);
    boolean built = new MavenRun(home, System.out).run(arguments());
    TestReports reports = TestReports.read(home);
    if (!built) {
      // Failing tests do not fail the build (see below): something else is wrong, and it counts.
      System.out.println("the build itself failed; it counts as one failure");
      reports = reports.plus(new TestReports(0, 1, 0));
    }
    if (pattern != null) {
      reports.requireSome(pattern);
    }
    System.out.println(reports.closingLine());
    return reports.failed() == 0 ? 0 : 1;
  }

  /** What Maven is told. */
  List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(List.of("--fail-at-end", "-Dmaven.test.failure.ignore=true"));
    if (endurance) {
      arguments.addAll(List.of("-Dfast", "-DexcludedTags=none", "-Dgroups=" + ENDURANCE, "test"));
    } else if (hypervisor != null) {
      arguments.addAll(List.of("-Dfast", "-Dgroups=system", "-DexcludedTags=" + ENDURANCE));
      arguments.addAll(List.of("-Dristretto.hypervisor=" + hypervisor, "test"));
      arguments.add("-Dristretto.patience=" + PATIENCE);
    } else if (quick) {
      String excluded = SLOW_TAGS + " | " + ENDURANCE;
      arguments.addAll(List.of("-Dfast", "-DexcludedTags=" + excluded, "test"));
    } else {
      arguments.addAll(List.of("-DexcludedTags=" + ENDURANCE, "verify"));
    }
    if (pattern != null) {
      arguments.addAll(List.of("-Dtest=" + pattern, "-Dsurefire.failIfNoSpecifiedTests=false"));
    }
    return arguments;
  }
}
