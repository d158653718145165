package ristretto.compiler.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.CompileError;

/** Collects what is wrong, so that one build reports all of it. */
public final class Errors {
  private static final int MOST = 50;

  private final Set<String> messages = new LinkedHashSet<>();

  /** {@code advice} says what to do instead. */
  public void report(@Nullable Site site, String what, String advice) {
    if (site == null) {
      messages.add(what + "; " + advice);
    } else {
      messages.add(site.position() + ": " + what + "; " + advice + calls(path(site)));
    }
  }

  /** With a call path of its own, outermost first. */
  public void report(Site site, String what, String advice, List<Site> path) {
    messages.add(site.position() + ": " + what + "; " + advice + calls(path));
  }

  public void throwIfAny() {
    if (!messages.isEmpty()) {
      throw new CompileError(messages.stream().limit(MOST).toList());
    }
  }

  /** How the search for reachable code came to {@code site}. */
  private static List<Site> path(Site site) {
    List<Site> path = new ArrayList<>();
    for (Site at = site; at != null; at = at.method().reachedFrom()) {
      path.add(at);
    }
    Collections.reverse(path);
    return path;
  }

  private static String calls(List<Site> path) {
    StringBuilder text = new StringBuilder();
    path.forEach(s -> text.append("\n    ").append(s));
    return text.toString();
  }
}
