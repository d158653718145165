package ristretto.tools.check;

/** One thing that is looked for. */
public interface Rule {
  /** Names it in output and in docs/check.md: lower case, words joined by hyphens. */
  String id();

  /** Looks for it. */
  void check(Subject subject, Findings findings);
}
