package ristretto.tools.check;

import java.util.List;
import java.util.TreeSet;
import ristretto.tools.source.Position;

/** Takes what rules find; the same thing found twice is one finding. */
public final class Findings {
  private final TreeSet<Finding> all = new TreeSet<>();

  /** Adds a finding. */
  public void add(Rule rule, Position position, String problem, String fix) {
    all.add(new Finding(rule.id(), position, problem, fix));
  }

  /** In the order of files and lines. */
  public List<Finding> sorted() {
    return List.copyOf(all);
  }
}
