package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Which method a call reaches. JLS 15.12.4. */
public final class Dispatch implements Twin {
  /** Has more implementations than the compiler tests one by one. */
  abstract static class Shape {
    abstract int area(int size);

    int twice(int size) {
      return 2 * area(size);
    }

    static Shape of(int kind) {
      return switch (kind) {
        case 0 -> new Square();
        case 1 -> new Circle();
        case 2 -> new Triangle();
        case 3 -> new Line();
        case 4 -> new Hexagon();
        case 5 -> new Cube();
        case 6 -> new Star();
        case 7 -> new Ring();
        case 8 -> new Oval();
        case 9 -> new BigCube();
        default -> new Dot();
      };
    }
  }

  /** Overrides one. */
  static class Square extends Shape {
    @Override
    int area(int size) {
      return size * size;
    }
  }

  static final class Circle extends Shape {
    @Override
    int area(int size) {
      return 3 * size * size;
    }
  }

  static final class Triangle extends Shape {
    @Override
    int area(int size) {
      return size * size / 2;
    }
  }

  static final class Line extends Shape {
    @Override
    int area(int size) {
      return 0;
    }

    @Override
    int twice(int size) {
      return -1;
    }
  }

  static final class Hexagon extends Shape {
    @Override
    int area(int size) {
      return 5 * size * size / 2;
    }
  }

  /** Calls its superclass's method, which it overrides. */
  static class Cube extends Square {
    @Override
    int area(int size) {
      return 6 * super.area(size);
    }
  }

  static final class BigCube extends Cube {
    @Override
    int area(int size) {
      return 1000 + super.area(size);
    }

    @Override
    int twice(int size) {
      return super.twice(size) + 1;
    }
  }

  static final class Star extends Shape {
    @Override
    int area(int size) {
      return size * 7;
    }
  }

  static final class Ring extends Shape {
    @Override
    int area(int size) {
      return size * 11;
    }
  }

  static final class Oval extends Shape {
    @Override
    int area(int size) {
      return size * 13;
    }
  }

  static final class Dot extends Shape {
    @Override
    int area(int size) {
      return 1;
    }
  }

  interface Named {
    int id();

    default int label() {
      return 100 + id() + bonus();
    }

    private int bonus() {
      return 7;
    }

    static int count(Named[] all) {
      int sum = 0;
      for (Named named : all) {
        sum += named.label();
      }
      return sum;
    }
  }

  interface Priced extends Named {
    @Override
    default int label() {
      return 1000 + Named.super.label();
    }

    int price();
  }

  static final class Tea implements Named {
    @Override
    public int id() {
      return 1;
    }
  }

  static final class Coffee implements Priced {
    @Override
    public int id() {
      return 2;
    }

    @Override
    public int price() {
      return 20;
    }
  }

  /** Gets the default from the interface below although its superclass knows the one above. */
  static final class Espresso extends Base implements Priced {
    @Override
    public int price() {
      return 30;
    }
  }

  abstract static class Base implements Named {
    @Override
    public int id() {
      return 3;
    }
  }

  /** A default that a superclass's method wins over. */
  static class Loud {
    public int label() {
      return -5;
    }
  }

  static final class Ristretto extends Loud implements Priced {
    @Override
    public int id() {
      return 4;
    }

    @Override
    public int price() {
      return 40;
    }
  }

  sealed interface Command permits Add, Negate, Reset {}

  record Add(int amount) implements Command {}

  record Negate() implements Command {}

  record Reset(int value) implements Command {}

  @Override
  public String name() {
    return "Dispatch";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    classes(out);
    interfaces(out);
    sealed(out);
    out.line("overload int", overloaded(1));
    out.line("overload long", overloaded(1L));
    out.line("overload char", overloaded('a'));
    out.line("overload object", overloaded(new Tea()));
  }

  private static void classes(Out out) {
    Hash hash = new Hash();
    Operands operands = new Operands(5);
    Shape[] shapes = new Shape[64];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = Shape.of(operands.below(11));
    }
    for (Shape shape : shapes) {
      hash.add(shape.area(operands.below(100)));
      hash.add(shape.twice(operands.below(100)));
    }
    out.hash("shapes", hash.value());
    out.line("big cube", Shape.of(9).area(2));
    out.line("big cube twice", Shape.of(9).twice(2));
    out.line("line twice", Shape.of(3).twice(2));
  }

  private static void interfaces(Out out) {
    Named[] all = {new Tea(), new Coffee(), new Espresso(), new Ristretto()};
    for (Named named : all) {
      out.line("label", named.label());
    }
    out.line("count", Named.count(all));
    int prices = 0;
    for (Named named : all) {
      if (named instanceof Priced priced) {
        prices += priced.price();
      }
    }
    out.line("prices", prices);
  }

  private static void sealed(Out out) {
    Command[] commands = {new Add(5), new Negate(), new Add(7), new Reset(100), new Negate()};
    int value = 1;
    for (Command command : commands) {
      value = apply(command, value);
      out.line("value", value);
    }
  }

  private static int apply(Command command, int value) {
    if (command instanceof Add add) {
      return value + add.amount();
    }
    if (command instanceof Reset reset) {
      return reset.value();
    }
    return -value;
  }

  private static int overloaded(int value) {
    return value;
  }

  private static int overloaded(long value) {
    return (int) value + 10;
  }

  private static int overloaded(char value) {
    return value + 20;
  }

  private static int overloaded(Object value) {
    return value instanceof Named ? 30 : 40;
  }
}
