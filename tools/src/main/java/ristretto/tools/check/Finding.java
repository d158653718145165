package ristretto.tools.check;

import java.util.Comparator;
import ristretto.tools.source.Position;

/**
 * Something that is wrong.
 *
 * @param rule the id of what found it
 * @param problem what is wrong and what comes of it
 * @param fix what to write instead
 */
public record Finding(String rule, Position position, String problem, String fix)
    implements Comparable<Finding> {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::position)
          .thenComparing(Finding::rule)
          .thenComparing(Finding::problem);

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }
}
