package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.lang.Unboxed;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;
import ristretto.twin.language.other.Hidden;

/** What looks like overriding and is not; methods of Object; unboxed values through interfaces. */
@SuppressWarnings({"HidingField", "EqualsHashCode", "SameNameButDifferent"}) // tested
public final class Access implements Twin {
  /** A private method is not overridden, although a subclass of the same nest has its like. */
  static class Upper {
    private int secret() {
      return 1;
    }

    int ask() {
      return secret();
    }

    static int fixed() {
      return 100;
    }

    int viaStatic() {
      return fixed();
    }
  }

  static final class Lower extends Upper {
    private int secret() {
      return 2;
    }

    int askToo() {
      return secret();
    }

    static int fixed() {
      return 200;
    }
  }

  /** Overrides across packages what it may. */
  static class Elsewhere extends Hidden {
    @Override
    protected int known() {
      return 20 + super.known();
    }
  }

  static final class Further extends Elsewhere {
    @Override
    protected int known() {
      return 300;
    }
  }

  abstract static class Value {
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }
  }

  /** Equality by value. */
  static final class Money extends Value {
    private final int amount;

    Money(int amount) {
      this.amount = amount;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Money money && money.amount == amount;
    }

    @Override
    public int hashCode() {
      return amount * 31;
    }
  }

  static final class Coin extends Value {}

  @Unboxed
  record Address(long value) {
    static final Address ZERO = new Address(0);

    Address plus(long offset) {
      return new Address(value + offset);
    }

    boolean below(Address other) {
      return Long.compareUnsigned(value, other.value) < 0;
    }
  }

  interface Mapping {
    Address map(Address from, Size size);

    default Address twice(Address from) {
      return map(map(from, new Size(1)), new Size(2));
    }
  }

  @Unboxed
  record Size(int value) {}

  static final class Linear implements Mapping {
    private final Address base;

    Linear(Address base) {
      this.base = base;
    }

    @Override
    public Address map(Address from, Size size) {
      return from.plus(base.value() + size.value());
    }
  }

  static final class Clamped implements Mapping {
    private Address limit = new Address(0x1000);
    private final Address[] seen = {Address.ZERO, Address.ZERO, Address.ZERO};
    private int calls;

    @Override
    public Address map(Address from, Size size) {
      seen[calls++ % seen.length] = from;
      Address moved = from.plus(size.value() * 0x100L);
      if (!moved.below(limit)) {
        moved = limit;
        limit = limit.plus(1);
      }
      return moved;
    }
  }

  @Override
  public String name() {
    return "Access";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Upper upper = new Lower();
    out.line("private", upper.ask() * 100 + upper.secret() * 10 + ((Lower) upper).askToo());
    out.line("static", upper.viaStatic() + Lower.fixed());
    Hidden[] hidden = {new Hidden(), new Elsewhere(), new Further()};
    for (Hidden each : hidden) {
      out.line("hidden", each.sum());
    }
    equality(out);
    unboxed(out);
  }

  private static void equality(Out out) {
    Value[] all = {new Money(1), new Money(2), new Money(1), new Coin(), new Coin()};
    for (Value one : all) {
      long bits = 0;
      for (Value other : all) {
        bits = bits << 1 | (one.equals(other) ? 1 : 0);
      }
      out.hash("equal", bits);
    }
    out.line("hash", new Money(7).hashCode());
  }

  private static void unboxed(Out out) {
    Mapping[] mappings = {new Linear(new Address(0xffff_ffff_ffff_f000L)), new Clamped()};
    for (Mapping mapping : mappings) {
      Address at = Address.ZERO;
      for (int i = 0; i < 6; i++) {
        at = mapping.twice(i % 2 == 0 ? at : at.plus(i));
        out.hash("address", at.value());
      }
    }
    Clamped clamped = (Clamped) mappings[1];
    out.hash("seen", clamped.seen[0].value() ^ clamped.seen[1].value() + clamped.seen.length);
    out.text("below").flag(new Address(-1).below(Address.ZERO)).end();
  }
}
