package ristretto.twin;

/** The CPUs of the machine: threads on the JVM. */
public interface Cpus {
  /** How many CPUs run a job. */
  int COUNT = 4;

  /** Runs {@code job} on every CPU at the same time and waits for all. */
  void runOnAll(Job job);

  /** What every CPU does. */
  interface Job {
    void run(int cpu);
  }
}
