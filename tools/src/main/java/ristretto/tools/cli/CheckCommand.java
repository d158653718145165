package ristretto.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ristretto.tools.check.Finding;
import ristretto.tools.check.Report;
import ristretto.tools.check.Subject;
import ristretto.tools.check.rule.Rules;
import ristretto.tools.host.ToolException;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/** Looks at what users write for a board before the board does. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Say what is wrong with xl configurations, boot scripts and device trees, where, and what to"
          + " write instead. Files that are meant for one boot are best given together."
    },
    footer = {
      "",
      "Example: ./ristretto check --board agilex5 boot.cmd domu1.cfg domu1.dts",
      "A configuration's partial device tree is found beside it, as .dts or .dtb. Sizes of files"
          + " that",
      "a script loads are known where these are beside it. docs/check.md explains each rule.",
      "Exit status: 0 nothing is wrong, 1 something is, 2 a file cannot be read."
    })
final class CheckCommand implements Callable<Integer> {
  private static final int UNREADABLE = 2;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to look at.")
  private List<Path> files = List.of();

  @Mixin private BoardOption board = new BoardOption();

  @Option(names = "--json", description = "For programs: docs/check.md has the schema.")
  private boolean json;

  @Override
  public Integer call() {
    try {
      return check(new Subject(board.board()));
    } catch (ToolException e) { // not 1, which says that something was found
      System.err.println("ristretto: " + e.getMessage());
      return UNREADABLE;
    }
  }

  private int check(Subject subject) {
    List<Finding> unreadable = new ArrayList<>();
    for (Path file : files) {
      try {
        subject.add(file);
      } catch (SourceException e) {
        unreadable.add(new Finding("syntax", e.position(), e.problem(), e.remedy()));
      } catch (IOException e) {
        unreadable.add(
            new Finding(
                "syntax",
                Position.of(file.toString()),
                "cannot be read: " + e.getMessage(),
                "name another file"));
      }
    }
    List<Finding> findings = unreadable.isEmpty() ? Rules.check(subject) : unreadable;
    System.out.print(json ? Report.json(board.name(), findings) : Report.text(findings));
    return !unreadable.isEmpty() ? UNREADABLE : findings.isEmpty() ? 0 : 1;
  }
}
