package ristretto.twin;

/** The CPUs of the machine: threads on the JVM. */
public interface Cpus {
  /** How many CPUs run a job. */
  int COUNT = 4;

  /** Runs {@code job} on every CPU at the same time and waits for all. */
  void runOnAll(Job job);

  /** What a CPU does while it waits for another one; on the JVM the other may need its core. */
  void relax();

  /** What every CPU does. */
  interface Job {
    void run(int cpu, Cpus cpus);
  }
}
