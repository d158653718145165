package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.time.Heap;
import ristretto.core.time.Ordered;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;

/**
 * vCPUs that may run, have no CPU and are loaded in none: a heap for each set of CPUs that may run
 * them. A CPU looks at the tops of those heaps whose set it is in; there is one such heap unless
 * vCPUs are pinned. Pools share no CPU, hence no heap but that of those that wait for a CPU of
 * their own under {@link NullPolicy}, where nobody looks. Guarded by the scheduler's lock.
 */
final class ReadyQueue {
  /** Where a candidate is before it has been told where it may run. */
  static final Rivals NOBODY = new Rivals();

  private static final int SETS = 1 << Cpus.MAXIMUM;
  private static final int WORDS = SETS / Long.SIZE;

  /** A bit for each set that a CPU is in, {@link #WORDS} words a CPU. */
  private static final long[] SETS_WITH_CPU = setsWithCpu();

  /** By set. */
  private Rivals[] rivals = {NOBODY};

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

  /** Room for every set. */
  @BootOnly
  void open() {
    rivals = new Rivals[SETS];
    for (int set = 0; set < SETS; set++) {
      rivals[set] = new Rivals();
    }
  }

  /** Those that exactly the CPUs of {@code set} may run. */
  Rivals rivals(int set) {
    return rivals[set];
  }

  /** Who of those that {@code cpu} may run is first; stays in the queue. */
  @Inline
  @Nullable Candidate first(Cpu cpu) {
    return occupiedWords == 0 ? null : firstOf(cpu);
  }

  private @Nullable Candidate firstOf(Cpu cpu) {
    Ordered best = null;
    long earliest = 0;
    for (int words = occupiedWords; words != 0; words &= words - 1) {
      int word = Integer.numberOfTrailingZeros(words);
      long sets = occupied[word] & SETS_WITH_CPU[cpu.index * WORDS + word];
      for (; sets != 0; sets &= sets - 1) {
        Rivals group = rivals[word * Long.SIZE + Long.numberOfTrailingZeros(sets)];
        Ordered top = group.top;
        if (top != null && (best == null || top.key + group.offset - earliest < 0)) {
          best = top;
          earliest = top.key + group.offset;
        }
      }
    }
    return (Candidate) best;
  }

  void add(Candidate candidate) {
    int set = candidate.mask;
    candidate.rivals.top = Heap.add(candidate.rivals.top, candidate);
    int word = set / Long.SIZE;
    occupied[word] |= 1L << set;
    occupiedWords |= 1 << word;
  }

  /** Its mask is still the one that it was added with. */
  void remove(Candidate candidate) {
    int set = candidate.mask;
    Ordered top = candidate.rivals.top;
    if (top == null) {
      throw new AssertionError();
    }
    top = Heap.remove(top, candidate);
    candidate.rivals.top = top;
    if (top == null) {
      int word = set / Long.SIZE;
      occupied[word] &= ~(1L << set);
      if (occupied[word] == 0) {
        occupiedWords &= ~(1 << word);
      }
    }
  }
}
