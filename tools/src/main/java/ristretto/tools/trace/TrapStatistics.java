package ristretto.tools.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Traps of one cause, together.
 *
 * @param total nanoseconds that they took
 * @param median of a single one
 */
record TrapStatistics(
    TrapCause.Kind kind, String what, int count, long total, long median, long most) {
  /** One for each cause, the one that took longest in all first. */
  static List<TrapStatistics> of(List<Trap> traps) {
    Map<TrapCause, List<Trap>> byCause = new HashMap<>();
    for (Trap trap : traps) {
      TrapCause cause = new TrapCause(trap.cause().kind(), trap.cause().what(), "");
      byCause.computeIfAbsent(cause, first -> new ArrayList<>()).add(trap);
    }
    List<TrapStatistics> all = new ArrayList<>();
    byCause.forEach((cause, list) -> all.add(of(cause, list)));
    all.sort(
        Comparator.comparingLong(TrapStatistics::total)
            .reversed()
            .thenComparing(TrapStatistics::what));
    return all;
  }

  private static TrapStatistics of(TrapCause cause, List<Trap> traps) {
    long[] times = traps.stream().mapToLong(Trap::duration).sorted().toArray();
    long total = 0;
    for (long time : times) {
      total += time;
    }
    return new TrapStatistics(
        cause.kind(),
        cause.what(),
        times.length,
        total,
        times[(times.length - 1) / 2],
        times[times.length - 1]);
  }
}
