package ristretto.twin.fault;

import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/**
 * One class per check that Java makes. Each fails below a few calls, some of which the C compiler
 * inlines; the call stack must not show that.
 */
@SuppressWarnings("MutablePublicArray") // what is warned of is tested
public final class Faults {
  /** All, in the order in which they run. */
  public static final Twin[] ALL = {
    new IndexTooLarge(), new IndexNegative(), new InnerIndex(), new NullField(), new NullArray(),
    new NullCall(), new NullInterface(), new BadCast(), new BadInterfaceCast(), new IntDivision(),
    new LongRemainder(), new StoreType(), new NegativeSize(), new InConstructor(), new Recursive(),
    new FarField(), new StoreAfterValue(), new FieldAfterValue(), new DivisionFirst(),
        new IndexFirst(),
    new UnusedElement(), new CopyTooMuch(), new GenericCast()
  };

  private static final int[] FOUR = {1, 2, 3, 4};
  private static int always = 1;

  private Faults() {}

  /** A little work, so that nothing folds away. */
  static int opaque(int value) {
    return value * always;
  }

  static final class IndexTooLarge implements Twin {
    @Override
    public String name() {
      return "IndexTooLarge";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("sum", sum(FOUR, opaque(4)));
      out.line("sum", sum(FOUR, opaque(5)));
    }

    private static int sum(int[] values, int count) {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += at(values, i);
      }
      return sum;
    }

    private static int at(int[] values, int index) {
      return values[index];
    }
  }

  static final class IndexNegative implements Twin {
    @Override
    public String name() {
      return "IndexNegative";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      long[] values = new long[8];
      store(values, opaque(3));
      out.line("value", values[3]);
      store(values, opaque(-1));
      out.line("value", values[0]);
    }

    private static void store(long[] values, int index) {
      values[index] = 5;
    }
  }

  /** Several checks of the same kind in one method: the line must be that of the right one. */
  static final class InnerIndex implements Twin {
    @Override
    public String name() {
      return "InnerIndex";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("mixed", mixed(FOUR, opaque(1), opaque(2), opaque(3)));
      out.line("mixed", mixed(FOUR, opaque(1), opaque(9), opaque(3)));
    }

    private static int mixed(int[] values, int a, int b, int c) {
      int first = values[a];
      int second = values[b];
      int third = values[c];
      return first * second + third;
    }
  }

  /** Something with fields. */
  static class Thing {
    int size = 3;
    @Nullable Thing next;

    int grow() {
      return ++size;
    }
  }

  interface Grows {
    int grow(int amount);
  }

  static final class One implements Grows {
    @Override
    public int grow(int amount) {
      return amount + 1;
    }
  }

  static final class Two implements Grows {
    @Override
    public int grow(int amount) {
      return amount + 2;
    }
  }

  static final class NullField implements Twin {
    @Override
    public String name() {
      return "NullField";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      Thing thing = new Thing();
      thing.next = new Thing();
      out.line("size", third(thing, 1));
      out.line("size", third(thing, 2));
    }

    @SuppressWarnings("NullAway") // the point of the test
    private static int third(Thing thing, int steps) {
      Thing at = thing;
      for (int i = 0; i < steps; i++) {
        at = at.next;
      }
      return at.size;
    }
  }

  static final class NullArray implements Twin {
    private int @Nullable [] values;

    @Override
    public String name() {
      return "NullArray";
    }

    @Override
    @SuppressWarnings("NullAway") // the point of the test
    public void run(Out out, Cpus cpus) {
      out.line("length", values.length);
    }
  }

  static final class NullCall implements Twin {
    private @Nullable Thing thing;

    @Override
    public String name() {
      return "NullCall";
    }

    @Override
    @SuppressWarnings("NullAway") // the point of the test
    public void run(Out out, Cpus cpus) {
      int size = thing.grow();
      out.line("size", size);
    }
  }

  static final class NullInterface implements Twin {
    private final @Nullable Grows[] all = {new One(), new Two(), null};

    @Override
    public String name() {
      return "NullInterface";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      int total = 0;
      for (int i = 0; i < 3; i++) {
        total += grow(i);
        out.line("total", total);
      }
    }

    @SuppressWarnings("NullAway") // the point of the test
    private int grow(int index) {
      return all[index].grow(10) + 1;
    }
  }

  static final class BadCast implements Twin {
    private final Object[] things = {new Thing(), new One()};

    @Override
    public String name() {
      return "BadCast";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("size", size(things[opaque(0)]));
      out.line("size", size(things[opaque(1)]));
    }

    private static int size(Object thing) {
      return ((Thing) thing).size;
    }
  }

  static final class BadInterfaceCast implements Twin {
    private final Object[] things = {new Two(), new Thing(), "text"};

    @Override
    public String name() {
      return "BadInterfaceCast";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      for (Object thing : things) {
        Grows grows = (Grows) thing;
        out.line("grown", grows.grow(5));
      }
    }
  }

  static final class IntDivision implements Twin {
    @Override
    public String name() {
      return "IntDivision";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("half", share(opaque(10), opaque(2)));
      out.line("none", share(opaque(10), opaque(0)));
    }

    private static int share(int amount, int people) {
      return amount / people;
    }
  }

  static final class LongRemainder implements Twin {
    @Override
    public String name() {
      return "LongRemainder";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      long zero = opaque(0);
      out.line("rest", 10 % (zero + 3));
      out.line("rest", 10 % zero);
    }
  }

  static final class StoreType implements Twin {
    @Override
    public String name() {
      return "StoreType";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      Object[] grows = new Grows[2];
      put(grows, new One());
      out.text("stored").flag(grows[1] instanceof One).end();
      put(grows, new Thing());
      out.text("stored").end();
    }

    private static void put(Object[] array, Object thing) {
      array[opaque(1)] = thing;
    }
  }

  static final class NegativeSize implements Twin {
    @Override
    public String name() {
      return "NegativeSize";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("length", make(opaque(2)).length);
      out.line("length", make(opaque(-2)).length);
    }

    private static int[] make(int size) {
      return new int[size];
    }
  }

  /** Fails while it is made. */
  static final class Fragile {
    final int value;

    Fragile(int index) {
      value = FOUR[index] + 1;
    }
  }

  static final class InConstructor implements Twin {
    @Override
    public String name() {
      return "InConstructor";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("value", new Fragile(opaque(2)).value);
      out.line("value", new Fragile(opaque(4)).value);
    }
  }

  static final class Recursive implements Twin {
    @Override
    public String name() {
      return "Recursive";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("down", down(opaque(6)));
    }

    private static int down(int level) {
      int below = level == 1 ? FOUR[level + 3] : down(level - 1);
      return below * 3 + level;
    }
  }

  /** The element would lie beyond page 0; the length, which is read first, does not. */
  static final class FarField implements Twin {
    private @Nullable Object @Nullable [] rows;

    @Override
    public String name() {
      return "FarField";
    }

    @Override
    @SuppressWarnings("NullAway") // the point of the test
    public void run(Out out, Cpus cpus) {
      int row = opaque(100_000);
      out.text("row").flag(rows[row] == null).end();
    }
  }

  static final class StoreAfterValue implements Twin {
    @Override
    public String name() {
      return "StoreAfterValue";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      int[] values = new int[opaque(2)];
      values[opaque(2)] = say(out, "the value comes before the check of the index");
    }
  }

  static final class FieldAfterValue implements Twin {
    private @Nullable Thing thing;

    @Override
    public String name() {
      return "FieldAfterValue";
    }

    @Override
    @SuppressWarnings("NullAway") // the point of the test
    public void run(Out out, Cpus cpus) {
      thing.size = say(out, "the value comes before the check for null");
    }
  }

  static final class DivisionFirst implements Twin {
    @Override
    public String name() {
      return "DivisionFirst";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      int quotient = opaque(1) / opaque(0) + say(out, "never said");
      out.line("quotient", quotient);
    }
  }

  static final class IndexFirst implements Twin {
    @Override
    public String name() {
      return "IndexFirst";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      out.line("sum", FOUR[opaque(0)] + FOUR[opaque(4)] + say(out, "never said"));
    }
  }

  static final class UnusedElement implements Twin {
    @Override
    public String name() {
      return "UnusedElement";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      int _ = FOUR[opaque(-1)];
      out.text("not reached").end();
    }
  }

  static final class CopyTooMuch implements Twin {
    @Override
    public String name() {
      return "CopyTooMuch";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      int[] target = new int[4];
      copy(target, opaque(4));
      out.line("copied", target[3]);
      copy(target, opaque(5));
    }

    private static void copy(int[] target, int count) {
      for (int i = 0; i < count; i++) {
        target[i] = FOUR[i];
      }
    }
  }

  /** A class cast of an array element through a generic method. */
  static final class GenericCast implements Twin {
    @Override
    public String name() {
      return "GenericCast";
    }

    @Override
    public void run(Out out, Cpus cpus) {
      Object[] things = {new One(), new Thing()};
      Grows first = pick(things, opaque(0));
      out.line("first", first.grow(1));
      Grows second = pick(things, opaque(1));
      out.line("second", second.grow(1));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the point of the test
    private static <T> T pick(Object[] things, int index) {
      return (T) things[index];
    }
  }

  static int say(Out out, String text) {
    out.text(text).end();
    return opaque(3);
  }
}
