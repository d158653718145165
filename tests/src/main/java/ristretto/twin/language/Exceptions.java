package ristretto.twin.language;

import ristretto.lang.BootOnly;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** throw, catch and finally, as boot code may use them. JLS 11, 14.20. */
@SuppressWarnings({"finally", "Finally", "StatementSwitchToExpressionSwitch"})
public final class Exceptions implements Twin {
  /** Refused while booting. */
  static class Refused extends Exception {
    final int code;

    Refused(int code) {
      this.code = code;
    }
  }

  static final class Broken extends Refused {
    Broken(int code) {
      super(code + 1000);
    }
  }

  static final class Unchecked extends RuntimeException {
    final String where;

    Unchecked(String where) {
      this.where = where;
    }
  }

  interface Action {
    int run(int value) throws Refused;
  }

  static final class Positive implements Action {
    @Override
    public int run(int value) throws Refused {
      if (value < 0) {
        throw new Refused(value);
      }
      return value;
    }
  }

  static final class Even implements Action {
    @Override
    public int run(int value) throws Refused {
      if (value % 2 != 0) {
        throw new Broken(value);
      }
      return value / 2;
    }
  }

  private int trace;

  @Override
  public String name() {
    return "Exceptions";
  }

  @Override
  @BootOnly
  public void run(Out out, Cpus cpus) {
    Action[] actions = {new Positive(), new Even()};
    for (Action action : actions) {
      for (int value = -2; value < 3; value++) {
        out.line("action", attempt(action, value));
      }
    }
    for (int i = 0; i < 5; i++) {
      trace = 0;
      out.line("path", path(i));
      out.line("trace", trace);
    }
    out.line("finally wins", finallyWins(3));
    out.line("finally value", finallyValue());
    out.line("rethrow", rethrow(out));
    out.line("loop", loop());
    unchecked(out);
    constructor(out);
  }

  private static int attempt(Action action, int value) {
    try {
      return action.run(value);
    } catch (Broken e) {
      return 10_000 + e.code;
    } catch (Refused e) {
      return 20_000 + e.code;
    }
  }

  private int path(int which) {
    try {
      trace = trace * 10 + 1;
      try {
        trace = trace * 10 + 2;
        fail(which);
        trace = trace * 10 + 3;
      } catch (Broken e) {
        trace = trace * 10 + 4;
        fail(which - 1);
      } finally {
        trace = trace * 10 + 5;
      }
      trace = trace * 10 + 6;
    } catch (Unchecked e) {
      trace = trace * 10 + 7;
      return e.where.length();
    } catch (Refused e) {
      trace = trace * 10 + 8;
      return e.code;
    } finally {
      trace = trace * 10 + 9;
    }
    return 0;
  }

  private static void fail(int which) throws Refused {
    switch (which) {
      case 1:
        throw new Refused(1);
      case 2:
        throw new Broken(2);
      case 3:
        throw new Unchecked("three");
      default:
        break;
    }
  }

  private static int finallyWins(int value) {
    while (true) {
      try {
        throw new Unchecked("lost");
      } finally {
        if (value > 0) {
          break;
        }
      }
    }
    return value;
  }

  private static int finallyValue() {
    int value = 1;
    try {
      return value;
    } finally {
      value = 2;
    }
  }

  private static int rethrow(Out out) {
    try {
      try {
        fail(2);
        return 0;
      } catch (Refused e) {
        out.line("caught", e.code);
        throw e;
      } finally {
        out.text("finally").end();
      }
    } catch (Broken e) {
      return e.code;
    } catch (Refused e) {
      return -e.code;
    }
  }

  private static int loop() {
    int sum = 0;
    for (int i = 0; i < 6; i++) {
      try {
        if (i == 4) {
          break;
        }
        fail(i);
        sum += 1;
      } catch (Refused e) {
        sum += 10;
        continue;
      } catch (Unchecked e) {
        sum += 100;
      } finally {
        sum += 1000;
      }
      sum += 10_000;
    }
    return sum;
  }

  private static void unchecked(Out out) {
    try {
      deep(5);
    } catch (Unchecked e) {
      out.text(e.where).end();
    }
    try {
      deep(-1);
      out.text("no exception").end();
    } catch (Unchecked e) {
      out.text("wrong").end();
    }
  }

  private static int deep(int level) {
    if (level < 0) {
      return 0;
    }
    if (level == 0) {
      throw new Unchecked("deep");
    }
    return deep(level - 1) + 1;
  }

  private static void constructor(Out out) {
    try {
      out.line("good", new Guarded(3).value);
      out.line("bad", new Guarded(-3).value);
    } catch (Refused | Unchecked e) {
      out.text(e instanceof Refused ? "refused" : "unchecked").end();
    }
  }

  /** Its constructor may refuse. */
  private static final class Guarded {
    final int value;

    Guarded(int value) throws Refused {
      if (value < 0) {
        throw new Refused(value);
      }
      this.value = value;
    }
  }
}
