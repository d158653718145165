package ristretto.core.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What is fair, computed as if CPUs could be divided at will: at each moment those who want to run
 * share the CPUs by weight, and nobody gets more than one CPU, or than a cap allows. Times are
 * milliseconds.
 */
final class FluidModel {
  /** Somebody who wants to run during {@code wishes}: pairs of beginning and end. */
  record Client(double weight, double most, List<double[]> wishes) {
    boolean wantsAt(double time) {
      return wishes.stream().anyMatch(wish -> wish[0] <= time && time < wish[1]);
    }
  }

  private final int cpus;
  private final List<Client> clients = new ArrayList<>();

  FluidModel(int cpus) {
    this.cpus = cpus;
  }

  void add(double weight, List<double[]> wishes) {
    add(weight, 1, wishes);
  }

  /** Somebody that may have {@code most} of a CPU. */
  void add(double weight, double most, List<double[]> wishes) {
    clients.add(new Client(weight, most, wishes));
  }

  /** What each client has had when {@code end} has come. */
  double[] shares(double end) {
    TreeSet<Double> changes = new TreeSet<>(List.of(0.0, end));
    for (Client client : clients) {
      for (double[] wish : client.wishes) {
        changes.add(Math.min(wish[0], end));
        changes.add(Math.min(wish[1], end));
      }
    }
    double[] had = new double[clients.size()];
    double from = 0;
    for (double to : changes) {
      double[] rates = ratesAt(from);
      for (int i = 0; i < had.length; i++) {
        had[i] += rates[i] * (to - from);
      }
      from = to;
    }
    return had;
  }

  /** CPUs for each: who would have more than it may gets that, and the others share the rest. */
  private double[] ratesAt(double time) {
    double[] rates = new double[clients.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < rates.length; i++) {
      if (clients.get(i).wantsAt(time)) {
        open.add(i);
      }
    }
    double left = cpus;
    while (!open.isEmpty()) {
      double weights = open.stream().mapToDouble(i -> clients.get(i).weight).sum();
      double forAll = left;
      List<Integer> full =
          open.stream()
              .filter(i -> forAll * clients.get(i).weight >= weights * clients.get(i).most)
              .toList();
      if (full.isEmpty()) {
        for (int i : open) {
          rates[i] = left * clients.get(i).weight / weights;
        }
        return rates;
      }
      for (int i : full) {
        rates[i] = clients.get(i).most;
        left -= rates[i];
      }
      open.removeAll(full);
    }
    return rates;
  }
}
