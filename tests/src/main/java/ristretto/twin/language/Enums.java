package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Enums with fields, bodies, tables and interfaces; records with rules. JLS 8.9, 8.10. */
@SuppressWarnings({"ImmutableEnumChecker", "EnumOrdinal"}) // what is warned of is tested
public final class Enums implements Twin {
  interface Coded {
    int code();
  }

  enum Level implements Coded {
    ERROR(3, "error"),
    WARN(4, "warn"),
    INFO(6, "info");

    private static final Level[] ALL = values();

    private final int code;
    private final String label;
    private int uses;

    Level(int code, String label) {
      this.code = code;
      this.label = label;
    }

    @Override
    public int code() {
      return code;
    }

    Level next() {
      uses++;
      return ALL[(ordinal() + 1) % ALL.length];
    }
  }

  enum Operation {
    PLUS {
      @Override
      int apply(int a, int b) {
        return a + b;
      }
    },
    TIMES {
      @Override
      int apply(int a, int b) {
        return a * b;
      }
    },
    FIRST {
      @Override
      int apply(int a, int b) {
        return a;
      }

      @Override
      boolean symmetric() {
        return false;
      }
    };

    abstract int apply(int a, int b);

    boolean symmetric() {
      return true;
    }
  }

  record Range(long start, long size) {
    static final Range EMPTY = new Range(0, 0);

    Range {
      if (size < 0) {
        start += size;
        size = -size;
      }
    }

    Range(long size) {
      this(0, size);
    }

    long end() {
      return start + size;
    }

    boolean overlaps(Range other) {
      return start < other.end() && other.start < end();
    }
  }

  record Pair<A, B>(A first, B second, boolean known, byte small) {}

  @Override
  public String name() {
    return "Enums";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Level level = Level.ERROR;
    for (int i = 0; i < 5; i++) {
      out.text(level.label).text(" ").text(level.name()).dec(level.code()).dec(level.uses).end();
      level = level.next();
    }
    Coded coded = level;
    out.line("coded", coded.code() + Level.values().length);
    out.text("same").flag(level == Level.INFO).flag(level.equals(Level.INFO)).end();
    for (Operation operation : Operation.values()) {
      out.text(operation.name())
          .dec(operation.apply(6, 7))
          .flag(operation.symmetric())
          .dec(operation.ordinal())
          .end();
    }
    records(out);
  }

  private static void records(Out out) {
    Range a = new Range(10, 5);
    Range b = new Range(20, -8);
    Range c = new Range(3);
    out.text("b").dec(b.start()).dec(b.end()).end();
    out.text("overlap").flag(a.overlaps(b)).flag(a.overlaps(c)).flag(c.overlaps(Range.EMPTY)).end();
    Pair<Range, String> pair = new Pair<>(a, "pair", true, (byte) -3);
    out.text(pair.second()).dec(pair.first().end()).flag(pair.known()).dec(pair.small()).end();
  }
}
