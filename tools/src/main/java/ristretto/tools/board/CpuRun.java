package ristretto.tools.board;

import java.util.ArrayList;
import java.util.List;

/**
 * CPUs of one model that follow each other.
 *
 * @param model for instance arm,cortex-a55
 * @param first number of the first one
 * @param last number of the last one
 */
public record CpuRun(String model, int first, int last) {
  /** The runs of CPUs of these models. */
  static List<CpuRun> of(List<String> models) {
    List<CpuRun> runs = new ArrayList<>();
    for (int cpu = 0; cpu < models.size(); cpu++) {
      String model = models.get(cpu);
      if (!runs.isEmpty() && runs.getLast().model().equals(model)) {
        runs.addLast(new CpuRun(model, runs.removeLast().first(), cpu));
      } else {
        runs.add(new CpuRun(model, cpu, cpu));
      }
    }
    return List.copyOf(runs);
  }

  /** As xl.cfg(5) writes a CPULIST. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
