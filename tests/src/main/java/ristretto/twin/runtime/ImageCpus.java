package ristretto.twin.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.twin.Cpus;

/** CPUs that wait for a job and run it together. */
final class ImageCpus implements Cpus {
  private static final Job NOTHING = new Nothing();

  /** What the CPUs run before there is a job. */
  private static final class Nothing implements Job {
    @Override
    public void run(int cpu, Cpus cpus) {}
  }

  private final AtomicInteger round = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private Job job = NOTHING;

  @Override
  public void runOnAll(Job next) {
    job = next;
    finished.set(0);
    round.setRelease(round.getPlain() + 1); // publishes the job to waitAndRun
    next.run(0, this);
    while (finished.getAcquire() != COUNT - 1) {
      relax();
    }
  }

  @Override
  public void relax() {
    Thread.onSpinWait();
  }

  /** What a CPU other than the first does for ever. */
  void serve(int cpu) {
    int seen = 0;
    while (true) {
      while (round.getAcquire() == seen) {
        relax();
      }
      seen++;
      job.run(cpu, this);
      finished.incrementAndGet();
    }
  }
}
