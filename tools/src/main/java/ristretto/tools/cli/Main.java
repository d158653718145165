package ristretto.tools.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ristretto}: builds the hypervisor, runs it, tests it. */
@Command(
    name = "ristretto",
    mixinStandardHelpOptions = true,
    version = "Ristretto 0.1",
    description = "A type-1 hypervisor in Java: build it, run it, test it.",
    subcommands = {
      RunCommand.class,
      TestCommand.class,
      FuzzCommand.class,
      BuildCommand.class,
      ImageCommand.class,
      BenchCommand.class,
      CheckCommand.class,
      PassthroughCommand.class,
      MapCommand.class,
      TraceCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Example: ./ristretto run --exec 'xl create /root/domu1.cfg; xl list'",
      "The script ./ristretto finds a JDK, installs Debian packages that are missing (asking"
          + " first;",
      "--yes does not ask) and builds what changed. Cache: $${XDG_CACHE_HOME:-~/.cache}/ristretto."
    })
public final class Main {
  /** A failure that the user can act on. */
  private static final int FAILED = 1;

  @Option(
      names = "--yes",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Install missing Debian packages without asking.")
  private boolean yes;

  private Main() {}

  /** Whether missing packages may be installed without asking. */
  boolean installsWithoutAsking() {
    return yes;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(Main::explain);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** Prints the completion script. */
  @Command(
      name = "completion",
      mixinStandardHelpOptions = true,
      description = "Print a completion script for bash: commands, options, boards.",
      footer = {"", "Example: source <(./ristretto completion)"})
  int completion() {
    System.out.print(AutoComplete.bash("ristretto", commandLine()));
    return 0;
  }

  private static int explain(
      Exception problem, CommandLine line, CommandLine.ParseResult arguments) {
    System.err.println("ristretto: " + Failure.explain(problem));
    if (System.getenv(Failure.TRACE) != null) {
      problem.printStackTrace();
    }
    return FAILED;
  }
}
