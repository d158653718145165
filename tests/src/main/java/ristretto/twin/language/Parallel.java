package ristretto.twin.language;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Four CPUs at once: exact totals by atomics and under a lock, and publication in order. */
public final class Parallel implements Twin, Cpus.Job {
  private static final int ROUNDS = 20_000;
  private static final int LOCK_ROUNDS = 2_000;
  private static final int MESSAGES = 500;

  /** Fair: CPUs get it in the order in which they drew their tickets. */
  static final class TicketLock {
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger serving = new AtomicInteger();

    void lock(Cpus cpus) {
      int ticket = next.getAndIncrement();
      while (serving.getAcquire() != ticket) {
        cpus.relax();
      }
    }

    void unlock() {
      serving.setRelease(serving.getPlain() + 1);
    }
  }

  private final AtomicLong added = new AtomicLong();
  private final AtomicInteger exchanged = new AtomicInteger();
  private final TicketLock lock = new TicketLock();
  private long guarded;
  private final long[] perCpu = new long[Cpus.COUNT];
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicLong errors = new AtomicLong();
  private volatile int flag;
  private int payload;
  private final AtomicInteger acknowledged = new AtomicInteger();

  @Override
  public String name() {
    return "Parallel";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    cpus.runOnAll(this);
    out.line("added", added.get());
    out.line("exchanged", exchanged.get());
    out.line("guarded", guarded);
    long sum = 0;
    for (long count : perCpu) {
      sum += count;
    }
    out.line("per cpu", sum);
    out.line("errors", errors.get());
    out.line("arrived", arrived.get());
  }

  @Override
  public void run(int cpu, Cpus cpus) {
    rendezvous(cpus);
    for (int i = 0; i < ROUNDS; i++) {
      added.getAndAdd(cpu + 1);
      if ((i & 3) == 0) {
        increment();
      }
      perCpu[cpu]++;
    }
    for (int i = 0; i < LOCK_ROUNDS; i++) {
      lock.lock(cpus);
      guarded += guarded % 3 + 1;
      guarded -= (guarded + 2) % 3;
      lock.unlock();
    }
    if (cpu == 0) {
      send(cpus);
    } else if (cpu == 1) {
      receive(cpus);
    }
  }

  private void rendezvous(Cpus cpus) {
    arrived.incrementAndGet();
    while (arrived.getAcquire() < Cpus.COUNT) {
      cpus.relax();
    }
  }

  private void increment() {
    int seen = exchanged.getPlain();
    while (!exchanged.compareAndSet(seen, seen + 1)) {
      seen = exchanged.get();
    }
  }

  /** The plain store of the payload is seen by who sees the volatile flag. */
  private void send(Cpus cpus) {
    for (int i = 1; i <= MESSAGES; i++) {
      payload = i * 31;
      flag = i;
      while (acknowledged.getAcquire() != i) {
        cpus.relax();
      }
    }
  }

  private void receive(Cpus cpus) {
    for (int i = 1; i <= MESSAGES; i++) {
      while (flag != i) {
        cpus.relax();
      }
      if (payload != i * 31) {
        errors.incrementAndGet();
      }
      acknowledged.setRelease(i);
    }
  }
}
