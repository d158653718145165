package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** instanceof and casts over classes, interfaces, arrays and null. JLS 5.5, 15.20.2. */
@SuppressWarnings({"cast", "UnusedVariable", "BadInstanceof"}) // what is warned of is tested
public final class TypeTests implements Twin {
  interface Swims {}

  interface Flies {}

  interface Dives extends Swims, Flies {}

  static class Animal {}

  static class Bird extends Animal implements Flies {}

  static final class Duck extends Bird implements Swims {}

  static final class Gannet extends Bird implements Dives {}

  static final class Fish extends Animal implements Swims {}

  static class Stone {}

  private static final @Nullable Object[] THINGS = {
    new Animal(),
    new Bird(),
    new Duck(),
    new Gannet(),
    new Fish(),
    new Stone(),
    null,
    new int[1],
    new long[1],
    new Animal[1],
    new Duck[2][],
    new Object[0],
    "text",
    new Swims[0]
  };

  @Override
  public String name() {
    return "TypeTests";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    for (Object thing : THINGS) {
      out.hash("bits", classify(thing));
    }
    for (Object thing : THINGS) {
      out.line("sound", sound(thing));
    }
    Animal animal = (Animal) THINGS[2];
    Flies flies = (Flies) animal;
    Duck duck = (Duck) flies;
    out.text("duck").flag(duck == THINGS[2]).flag((Object) flies instanceof Stone).end();
    Stone none = (Stone) THINGS[6];
    out.text("null cast").flag(none == null).end();
    Object[] array = (Object[]) THINGS[9];
    out.line("length", array == null ? -1 : array.length);
  }

  private static long classify(@Nullable Object thing) {
    long bits = 0;
    bits = bits << 1 | (thing instanceof Animal ? 1 : 0);
    bits = bits << 1 | (thing instanceof Bird ? 1 : 0);
    bits = bits << 1 | (thing instanceof Duck ? 1 : 0);
    bits = bits << 1 | (thing instanceof Swims ? 1 : 0);
    bits = bits << 1 | (thing instanceof Flies ? 1 : 0);
    bits = bits << 1 | (thing instanceof Dives ? 1 : 0);
    bits = bits << 1 | (thing instanceof Stone ? 1 : 0);
    bits = bits << 1 | (thing instanceof Object ? 1 : 0);
    bits = bits << 1 | (thing instanceof int[] ? 1 : 0);
    bits = bits << 1 | (thing instanceof long[] ? 1 : 0);
    bits = bits << 1 | (thing instanceof Object[] ? 1 : 0);
    bits = bits << 1 | (thing instanceof Animal[] ? 1 : 0);
    bits = bits << 1 | (thing instanceof Bird[][] ? 1 : 0);
    bits = bits << 1 | (thing instanceof Swims[] ? 1 : 0);
    bits = bits << 1 | (thing instanceof Object[][] ? 1 : 0);
    bits = bits << 1 | (thing instanceof String ? 1 : 0);
    return bits;
  }

  private static int sound(@Nullable Object thing) {
    if (thing instanceof Duck) {
      return 1;
    } else if (thing instanceof Dives && thing instanceof Bird bird && bird != null) {
      return 2;
    } else if (!(thing instanceof Animal)) {
      return 3;
    }
    return 4;
  }
}
