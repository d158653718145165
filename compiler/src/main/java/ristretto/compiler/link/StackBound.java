package ristretto.compiler.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The deepest stack that each trap root can need: clang's frame sizes ({@code -fstack-usage}) added
 * up along the translator's call graph.
 *
 * <p>The bound is safe and not tight: where clang inlined a call, the caller's frame already holds
 * the callee's variables, and the callee's own frame, if it also exists out of line, is added once
 * more. Functions of the C file that are not in the call graph (copying memory, the fault entry)
 * call nothing that is; the sum of their frames is added at the end.
 */
public final class StackBound {
  /** The deepest chain of calls from a root, outermost first, with what it needs in bytes. */
  public record Chain(int bytes, List<CFunction> path) {
    /** One line per function: its frame and its Java name. */
    String describe(Map<String, Integer> frames) {
      StringBuilder text = new StringBuilder();
      for (CFunction function : path) {
        int frame = frames.getOrDefault(function.symbol(), 0);
        text.append("%8d  %s%n".formatted(frame, function.javaName()));
      }
      return text.toString();
    }
  }

  private final Map<String, CFunction> functions = new LinkedHashMap<>();
  private final Map<String, Integer> frames;
  private final int helpers;
  private final Map<String, Chain> deepest = new HashMap<>();
  private final Set<String> active = new LinkedHashSet<>();

  /**
   * Reads the frames.
   *
   * @param stackUsage contents of clang's {@code .su} file
   */
  public StackBound(List<CFunction> callGraph, String stackUsage) {
    callGraph.forEach(f -> functions.put(f.symbol(), f));
    frames = parse(stackUsage);
    helpers =
        frames.entrySet().stream()
            .filter(e -> !functions.containsKey(e.getKey()))
            .mapToInt(Map.Entry::getValue)
            .sum();
  }

  /** The deepest chain over all trap roots; empty and 0 when there is no root. */
  public Chain deepest() {
    return functions.values().stream()
        .filter(CFunction::isTrapRoot)
        .map(root -> chain(root))
        .max(Comparator.comparingInt(Chain::bytes))
        .map(chain -> new Chain(chain.bytes + helpers, chain.path))
        .orElse(new Chain(0, List.of()));
  }

  /**
   * Fails the build when a trap root can need more than {@code limit} bytes, with the path.
   *
   * @return the report: the figure of every root, then the deepest path
   */
  public String check(long limit) {
    Chain deepest = deepest();
    String path = deepest.describe(frames);
    if (deepest.bytes > limit) {
      throw new BuildException(
          "the stack can need %d bytes, limit %d (%d of them for helpers), by this path:%n%s"
              .formatted(deepest.bytes, limit, helpers, path));
    }
    StringBuilder report = new StringBuilder();
    report.append(
        "%d bytes of stack at most, limit %d, %d for helpers%n"
            .formatted(deepest.bytes, limit, helpers));
    for (CFunction root : functions.values()) {
      if (root.isTrapRoot()) {
        report.append("%8d  %s%n".formatted(chain(root).bytes + helpers, root.javaName()));
      }
    }
    return report.append("deepest path:").append(System.lineSeparator()).append(path).toString();
  }

  private Chain chain(CFunction function) {
    Chain known = deepest.get(function.symbol());
    if (known != null) {
      return known;
    }
    if (!active.add(function.symbol())) {
      throw new BuildException(
          "recursion has no stack bound: "
              + String.join(" -> ", active)
              + " -> "
              + function.symbol());
    }
    Chain below = new Chain(0, List.of());
    for (String callee : function.callees()) {
      CFunction target = functions.get(callee);
      Chain candidate = target == null ? below : chain(target);
      if (candidate.bytes > below.bytes) {
        below = candidate;
      }
    }
    active.remove(function.symbol());
    List<CFunction> path = new ArrayList<>();
    path.add(function);
    path.addAll(below.path);
    int own = frames.getOrDefault(function.symbol(), 0);
    Chain chain = new Chain(own + below.bytes, List.copyOf(path));
    deepest.put(function.symbol(), chain);
    return chain;
  }

  /** Lines are {@code file:line:function TAB bytes TAB static|dynamic|dynamic,bounded}. */
  private static Map<String, Integer> parse(String stackUsage) {
    Map<String, Integer> frames = new HashMap<>();
    for (String line : stackUsage.lines().toList()) {
      String[] fields = line.split("\t", -1);
      String function = fields[0].substring(fields[0].lastIndexOf(':') + 1);
      if (!fields[2].equals("static")) {
        throw new BuildException("the frame of " + function + " has no fixed size: " + fields[2]);
      }
      frames.put(function, Integer.valueOf(fields[1]));
    }
    return frames;
  }
}
