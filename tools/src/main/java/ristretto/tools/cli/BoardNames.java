package ristretto.tools.cli;

import java.util.Iterator;
import ristretto.tools.board.Board;

/** The boards that there are, for help and completion. */
final class BoardNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Board.names().iterator();
  }
}
