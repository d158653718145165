package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.core.time.Ordered;
import ristretto.lang.Inline;

/**
 * The vCPUs that the same set of CPUs may run: none of them can go where another cannot. Guarded by
 * the scheduler's lock.
 */
final class Rivals {
  /** Those that wait: the top of a heap. */
  @Nullable Ordered top;

  /** Of {@link Credit2}: the key of the one that was furthest when it was chosen. */
  long front;

  /** Added to their keys where these are compared with keys of others; 0 unless by Credit2. */
  long offset;

  /** One of them has been chosen. */
  @Inline
  void chosen(Candidate candidate) {
    if (candidate.key - front > 0) {
      front = candidate.key;
    }
  }
}
