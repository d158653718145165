package ristretto.tools.cli;

import picocli.CommandLine.Option;
import ristretto.tools.board.Board;

/** The board that a command is about. */
final class BoardOption {
  @Option(
      names = "--board",
      required = true,
      paramLabel = "BOARD",
      completionCandidates = BoardNames.class,
      description = "The board: ${COMPLETION-CANDIDATES}.")
  private String name = "";

  /** As it was given. */
  String name() {
    return name;
  }

  Board board() {
    return Board.named(name);
  }
}
