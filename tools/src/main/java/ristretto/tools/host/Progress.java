package ristretto.tools.host;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One line for each step that takes longer than a second: on a terminal it counts the seconds in
 * place, elsewhere it is printed once at the start and once at the end. Steps that are quicker say
 * nothing.
 */
public final class Progress {
  private static final long QUIET_MILLIS = 1000;
  private static final long TICK_MILLIS = 250;

  private final PrintStream out;
  private final boolean terminal;

  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Reports on standard error, so that what a command prints can be piped. */
  public static Progress onStandardError() {
    return new Progress(System.err, hasTerminal() && !"dumb".equals(System.getenv("TERM")));
  }

  /** Whether a person sits at both ends: input and output are a terminal. */
  static boolean hasTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** Something to do that may fail. */
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }

  /** Does a step. */
  public void step(String what, Step step) {
    step(what, () -> "", step);
  }

  /**
   * Does a step that can say how far it is.
   *
   * @param detail asked for while the step runs, for instance a count of bytes
   */
  public void step(String what, Supplier<String> detail, Step step) {
    compute(
        what,
        detail,
        () -> {
          step.run();
          return Boolean.TRUE;
        });
  }

  public <T> T compute(String what, Callable<T> work) {
    return compute(what, () -> "", work);
  }

  public <T> T compute(String what, Supplier<String> detail, Callable<T> work) {
    long start = System.nanoTime();
    CountDownLatch done = new CountDownLatch(1);
    Thread ticker = Thread.ofVirtual().start(() -> tick(what, detail, start, done));
    boolean succeeded = false;
    try {
      T result = work.call();
      succeeded = true;
      return result;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ToolException(what, e);
    } finally {
      done.countDown();
      join(ticker);
      finish(what, start, succeeded);
    }
  }

  private void tick(String what, Supplier<String> detail, long start, CountDownLatch done) {
    long wait = QUIET_MILLIS;
    try {
      while (!done.await(wait, TimeUnit.MILLISECONDS)) {
        if (terminal) {
          print("\r\033[K" + what + " … " + seconds(start) + " s" + suffix(detail.get()));
        } else if (wait == QUIET_MILLIS) {
          print(what + " …\n");
        }
        wait = TICK_MILLIS;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish(String what, long start, boolean succeeded) {
    if (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)) {
      return;
    }
    String verdict = succeeded ? "done" : "FAILED";
    print((terminal ? "\r\033[K" : "") + what + ": " + verdict + ", " + seconds(start) + " s\n");
  }

  private static String suffix(String detail) {
    return detail.isEmpty() ? "" : ", " + detail;
  }

  private static long seconds(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toSeconds();
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
