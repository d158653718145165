package ristretto.tools.console;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that a console has said, kept whole. One thread writes; any number wait for what they
 * look for.
 */
public final class Transcript {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final StringBuilder text = new StringBuilder();
  private boolean ended;

  /** Adds what was said. */
  public void append(String more) {
    lock.lock();
    try {
      text.append(more);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that nothing more will come. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing more will come. */
  public void awaitEnd() throws InterruptedException {
    lock.lock();
    try {
      while (!ended) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  public int length() {
    lock.lock();
    try {
      return text.length();
    } finally {
      lock.unlock();
    }
  }

  /** The text from an index on. */
  public String from(int index) {
    lock.lock();
    try {
      return text.substring(index);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a match at or after an index.
   *
   * @return empty when the deadline passes or the console ends first
   */
  public Optional<MatchResult> await(Pattern pattern, int from, Duration deadline)
      throws InterruptedException {
    long left = deadline.toNanos();
    lock.lock();
    try {
      while (true) {
        Matcher matcher = pattern.matcher(text);
        if (matcher.find(from)) {
          return Optional.of(matcher.toMatchResult());
        }
        if (ended || left <= 0) {
          return Optional.empty();
        }
        left = changed.awaitNanos(Math.min(left, TimeUnit.DAYS.toNanos(1)));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return from(0);
  }
}
