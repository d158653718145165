package ristretto.compiler.c;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import ristretto.compiler.world.MethodInfo;

/**
 * Which functions are worth speed: those that a trap reaches without passing a {@code @Cold}
 * method. Clang makes the others small: code that runs once while booting, or to report a fault, is
 * most of the image and none of its speed.
 */
final class Warmth {
  private static final String SMALL = "__attribute__((cold, minsize)) ";

  private final Set<MethodInfo> warm = new HashSet<>();

  Warmth(Map<MethodInfo, Function> functions) {
    Deque<MethodInfo> work = new ArrayDeque<>();
    functions.keySet().stream().filter(m -> m.has("TrapRoot")).forEach(work::add);
    if (work.isEmpty()) {
      // Without traps nothing tells what is worth speed.
      work.addAll(functions.keySet());
    }
    while (!work.isEmpty()) {
      MethodInfo method = work.pop();
      Function function = functions.get(method);
      if (function != null && !isCold(method) && warm.add(method)) {
        function.calls().forEach(call -> work.push(call.target()));
      }
    }
  }

  /** Its author says so; what only such methods call is not meant. */
  static boolean isCold(MethodInfo method) {
    return method.has("Cold") || method.owner().has("Cold");
  }

  /** C attributes to put before the prototype. */
  String attributes(MethodInfo method) {
    return warm.contains(method) ? "" : SMALL;
  }
}
