package ristretto.compiler.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.c.Function;
import ristretto.compiler.world.Errors;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.Site;

/**
 * What is reachable from a {@code @TrapRoot} neither allocates nor throws, is not {@code @BootOnly}
 * and does not recurse.
 */
public final class TrapRules {
  private final Map<MethodInfo, Function> functions;
  private final Errors errors;
  private final Map<MethodInfo, @Nullable Site> from = new LinkedHashMap<>();

  public TrapRules(Map<MethodInfo, Function> functions, Errors errors) {
    this.functions = functions;
    this.errors = errors;
  }

  /** Walks breadth first, so that the reported path is a shortest one. */
  public void check() {
    Deque<MethodInfo> work = new ArrayDeque<>();
    for (MethodInfo method : functions.keySet()) {
      if (method.has("TrapRoot")) {
        from.put(method, null);
        work.add(method);
      }
    }
    while (!work.isEmpty()) {
      MethodInfo method = work.remove();
      Function function = functions.get(method);
      if (function == null) {
        continue;
      }
      for (Function.Effect effect : function.effects()) {
        Site site = new Site(method, effect.line());
        errors.report(site, "trap code " + effect.what(), effect.advice(), path(site));
      }
      for (Function.Call call : function.calls()) {
        Site site = new Site(method, call.line());
        if (call.target().has("BootOnly")) {
          errors.report(
              site, "trap code calls @BootOnly " + call.target(), "do it at boot", path(site));
        } else if (!from.containsKey(call.target())) {
          from.put(call.target(), site);
          work.add(call.target());
        }
      }
    }
    new Recursion().check();
  }

  private List<Site> path(Site end) {
    List<Site> path = new ArrayList<>();
    for (Site at = end; at != null; at = from.get(at.method())) {
      path.add(at);
    }
    Collections.reverse(path);
    return path;
  }

  /** Depth-first search for a call back into a method that has not returned. */
  private final class Recursion {
    private final Set<MethodInfo> done = new HashSet<>();
    private final Map<MethodInfo, Integer> depth = new HashMap<>();
    private final List<Site> calls = new ArrayList<>();

    void check() {
      List.copyOf(from.keySet()).forEach(this::visit);
    }

    private void visit(MethodInfo method) {
      if (done.contains(method)) {
        return;
      }
      depth.put(method, calls.size());
      Function function = functions.get(method);
      if (function != null) {
        for (Function.Call call : function.calls()) {
          Site site = new Site(method, call.line());
          calls.add(site);
          Integer start = depth.get(call.target());
          if (start != null) {
            report(call.target(), start);
          } else if (!call.target().has("BootOnly")) {
            visit(call.target());
          }
          calls.removeLast();
        }
      }
      depth.remove(method);
      done.add(method);
    }

    private void report(MethodInfo target, int start) {
      List<Site> path = new ArrayList<>();
      Site entry = from.get(target);
      if (entry != null) {
        path.addAll(path(entry));
      }
      path.addAll(calls.subList(start, calls.size()));
      errors.report(calls.getLast(), "trap code recurses into " + target, "use a loop", path);
    }
  }
}
