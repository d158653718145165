package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Erasure, bridge methods, covariant results, and lambdas that capture nothing. */
public final class Generics implements Twin {
  interface Transform<A, B> {
    B apply(A value);
  }

  interface Ordered<T> {
    int compareTo(T other);
  }

  static class Box<T> {
    private T value;

    Box(T value) {
      this.value = value;
    }

    T get() {
      return value;
    }

    void set(T value) {
      this.value = value;
    }

    Box<T> copy() {
      return new Box<>(value);
    }

    <R> Box<R> map(Transform<T, R> transform) {
      return new Box<>(transform.apply(value));
    }
  }

  /** Needs bridges: for set(Object), get() and the narrower result of copy(). */
  static final class Cell extends Box<Cup> {
    private int sets;

    Cell(Cup cup) {
      super(cup);
    }

    @Override
    void set(Cup value) {
      sets++;
      super.set(value);
    }

    @Override
    Cell copy() {
      return new Cell(get().larger());
    }
  }

  static final class Cup implements Ordered<Cup> {
    final int size;

    Cup(int size) {
      this.size = size;
    }

    Cup larger() {
      return new Cup(size + 1);
    }

    @Override
    public int compareTo(Cup other) {
      return Integer.compare(size, other.size);
    }
  }

  /** A list, as code without collections has it. */
  static final class Chain<T extends Ordered<T>> {
    private final T head;
    private final @Nullable Chain<T> tail;

    Chain(T head, @Nullable Chain<T> tail) {
      this.head = head;
      this.tail = tail;
    }

    T largest() {
      T largest = head;
      for (Chain<T> at = tail; at != null; at = at.tail) {
        if (at.head.compareTo(largest) > 0) {
          largest = at.head;
        }
      }
      return largest;
    }
  }

  private static final Transform<Cup, Cup> DOUBLE = cup -> new Cup(cup.size * 2);
  private static final Transform<Cup, Cup> LARGER = Cup::larger;
  private static final IntFunction SQUARE = x -> x * x;
  private static final IntFunction NEGATE = Generics::negate;

  interface IntFunction {
    int apply(int value);

    default IntFunction self() {
      return this;
    }
  }

  @Override
  public String name() {
    return "Generics";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Box<Cup> box = new Cell(new Cup(3));
    box.set(new Cup(4));
    box.set(box.get().larger());
    out.line("size", box.get().size);
    out.line("sets", ((Cell) box).sets);
    out.line("copy", box.copy().get().size);
    out.line("mapped", box.map(DOUBLE).map(LARGER).map(DOUBLE).get().size);
    out.text("copy is a cell").flag(box.copy() instanceof Cell).end();
    Chain<Cup> chain = new Chain<>(new Cup(2), null);
    for (int i = 0; i < 9; i++) {
      chain = new Chain<>(new Cup(i * 7 % 10), chain);
    }
    out.line("largest", chain.largest().size);
    out.line("square", SQUARE.self().apply(12));
    out.line("negate", NEGATE.apply(12));
    IntFunction local = x -> x + 1000;
    out.line("local", twice(local, 5));
    out.line("swap", swap(new Cup[] {new Cup(1), new Cup(2)})[0].size);
  }

  private static int negate(int value) {
    return -value;
  }

  private static int twice(IntFunction function, int value) {
    return function.apply(function.apply(value));
  }

  private static <T> T[] swap(T[] pair) {
    T first = pair[0];
    pair[0] = pair[1];
    pair[1] = first;
    return pair;
  }
}
