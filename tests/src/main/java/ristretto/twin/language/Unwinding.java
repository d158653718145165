package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.lang.BootOnly;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Exceptions that meet other exceptions on their way out. */
@SuppressWarnings({
  "Finally",
  "finally",
  "ThrowFromFinallyBlock",
  "StaticAssignmentOfThrowable",
  "NarrowCalculation",
  "InfiniteRecursion"
}) // tested
public final class Unwinding implements Twin {
  /** The only one. */
  static final class Stop extends RuntimeException {
    final int code;

    Stop(String message, @Nullable Throwable cause, int code) {
      super(message, cause);
      this.code = code;
    }
  }

  private static final Stop PREPARED = new Stop("prepared", null, 99);

  private int journal;

  @Override
  public String name() {
    return "Unwinding";
  }

  @Override
  @BootOnly
  public void run(Out out, Cpus cpus) {
    out.line("busy finally", busyFinally());
    out.line("replaced", replaced());
    out.line("locals", locals(3));
    out.line("prepared", prepared());
    out.line("nested", nested(4));
    out.line("journal", journal);
    causes(out);
    out.line("continues", continues());
    out.line("conditional", conditional(1) * 100 + conditional(-1));
  }

  /** While one exception waits for the end of a finally block, another one comes and goes. */
  private int busyFinally() {
    try {
      try {
        throw stop(1);
      } finally {
        journal = journal * 10 + quiet(2);
      }
    } catch (Stop e) {
      return e.code;
    }
  }

  private static int quiet(int code) {
    try {
      throw stop(code);
    } catch (Stop e) {
      return e.code;
    }
  }

  private static int replaced() {
    try {
      try {
        throw stop(1);
      } finally {
        raise(5);
      }
    } catch (Stop e) {
      return e.code;
    }
  }

  private static int locals(int start) {
    int a = start;
    long b = 7;
    int[] kept = {1};
    try {
      a++;
      b *= a;
      kept = new int[] {a, 2};
      raise(a);
      a = -1;
    } catch (Stop e) {
      a += e.code * 10;
      b += kept.length;
    }
    return (int) (a * 1000 + b);
  }

  private static int prepared() {
    int sum = 0;
    for (int i = 0; i < 3; i++) {
      try {
        throw PREPARED;
      } catch (Stop e) {
        sum += e.code;
      }
    }
    return sum;
  }

  private int nested(int depth) {
    if (depth == 0) {
      throw stop(3);
    }
    try {
      return nested(depth - 1);
    } catch (Stop e) {
      journal = journal * 10 + e.code;
      if (depth > 2) {
        return depth * 100 + e.code;
      }
      throw stop(e.code + 1);
    } finally {
      journal++;
    }
  }

  private static void causes(Out out) {
    try {
      try {
        raise(6);
      } catch (Stop e) {
        throw new Stop("outer", e, e.code + 1);
      }
    } catch (Stop e) {
      String message = e.getMessage();
      out.text(message == null ? "none" : message).dec(e.code);
      Throwable cause = e.getCause();
      out.text(cause instanceof Stop ? " because of" : " for nothing");
      out.dec(cause instanceof Stop stop ? stop.code : 0).end();
    }
  }

  private static int continues() {
    int seen = 0;
    for (int i = 0; i < 5; i++) {
      try {
        if (i % 2 == 0) {
          continue;
        }
        raise(i);
      } catch (Stop e) {
        seen = seen * 10 + e.code;
        if (i == 3) {
          break;
        }
      } finally {
        seen = seen * 10 + 9;
      }
    }
    return seen;
  }

  /** The throwing call is in the middle of an expression. */
  private static int conditional(int value) {
    int[] values = {4, 5, 6};
    try {
      return values[1] + (value > 0 ? check(value) : check(value) * 2) + values[2];
    } catch (Stop e) {
      return values[0] + e.code;
    }
  }

  private static int check(int value) {
    if (value < 0) {
      throw stop(-value);
    }
    return value;
  }

  private static void raise(int code) {
    throw stop(code);
  }

  private static Stop stop(int code) {
    return new Stop("stop", null, code);
  }
}
