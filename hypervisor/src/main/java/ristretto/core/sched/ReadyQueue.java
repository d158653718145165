package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.time.Heap;
import ristretto.core.time.Ordered;
import ristretto.lang.Inline;

/**
 * vCPUs that may run, have no CPU and are loaded in none: a heap for each set of CPUs that may run
 * them. A CPU looks at the tops of those heaps whose set it is in; there is one such heap unless
 * vCPUs are pinned. Pools share no CPU, hence no heap. Guarded by the scheduler's lock.
 */
final class ReadyQueue {
  private static final int SETS = 1 << Cpus.MAXIMUM;
  private static final int WORDS = SETS / Long.SIZE;

  /** A bit for each set that a CPU is in, {@link #WORDS} words a CPU. */
  private static final long[] SETS_WITH_CPU = setsWithCpu();

  private final @Nullable Ordered[] tops = new Ordered[SETS];

  /** A bit for each set whose heap holds something. */
  private final long[] occupied = new long[WORDS];

  /** A bit for each word of {@link #occupied} that is not 0. */
  private int occupiedWords;

  private static long[] setsWithCpu() {
    long[] words = new long[Cpus.MAXIMUM * WORDS];
    for (int cpu = 0; cpu < Cpus.MAXIMUM; cpu++) {
      for (int set = 0; set < SETS; set++) {
        words[cpu * WORDS + set / Long.SIZE] |= (long) (set >>> cpu & 1) << set % Long.SIZE;
      }
    }
    return words;
  }

  /** Who of those that {@code cpu} may run is first; stays in the queue. */
  @Inline
  @Nullable Candidate first(Cpu cpu) {
    return occupiedWords == 0 ? null : firstOf(cpu);
  }

  private @Nullable Candidate firstOf(Cpu cpu) {
    Ordered best = null;
    for (int words = occupiedWords; words != 0; words &= words - 1) {
      int word = Integer.numberOfTrailingZeros(words);
      long sets = occupied[word] & SETS_WITH_CPU[cpu.index * WORDS + word];
      for (; sets != 0; sets &= sets - 1) {
        Ordered top = tops[word * Long.SIZE + Long.numberOfTrailingZeros(sets)];
        if (top != null && (best == null || Heap.isBefore(top, best))) {
          best = top;
        }
      }
    }
    return (Candidate) best;
  }

  void add(Candidate candidate) {
    int set = candidate.mask;
    tops[set] = Heap.add(tops[set], candidate);
    int word = set / Long.SIZE;
    occupied[word] |= 1L << set;
    occupiedWords |= 1 << word;
  }

  /** Its mask is still the one that it was added with. */
  void remove(Candidate candidate) {
    int set = candidate.mask;
    Ordered top = tops[set];
    if (top == null) {
      throw new AssertionError();
    }
    top = Heap.remove(top, candidate);
    tops[set] = top;
    if (top == null) {
      int word = set / Long.SIZE;
      occupied[word] &= ~(1L << set);
      if (occupied[word] == 0) {
        occupiedWords &= ~(1 << word);
      }
    }
  }
}
