package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/**
 * The order of class initialisation, where Java fixes it: by the first use inside another
 * initialiser. In the image all of it has happened at build time. JLS 12.4.
 */
@SuppressWarnings("ClassInitializationDeadlock")
public final class Initialisation implements Twin {
  /** What ran, in decimal digits. */
  static final class Journal {
    static long text;

    private Journal() {}

    static int note(int digit) {
      text = text * 10 + digit;
      return digit;
    }
  }

  /** Uses its superclass, then another class. */
  static class Parent {
    static int parent = Journal.note(1);

    int field = parent * 5;
  }

  static final class Child extends Parent {
    static int first = Journal.note(2);
    static int second;
    static final int CONSTANT = 77;

    static {
      second = first + Other.value;
      Journal.note(4);
    }

    static int third = second * 10 + Journal.note(5);
  }

  static final class Other {
    static int value = Journal.note(3) * 100;

    private Other() {}
  }

  /** Starts the cycle: sees Pong's default, because Pong waits for nobody. */
  static final class Ping {
    static int before = 5;
    static int value = Pong.value + 1;
    static int after = 9;

    private Ping() {}
  }

  static final class Pong {
    static int seenBefore = Ping.before;
    static int seenAfter = Ping.after;
    static int value = Ping.value + 10;

    private Pong() {}
  }

  /** All is reached from here, in this order, in both lives. */
  static final class Root {
    static final int CHILD = Child.third;
    static final long JOURNAL = Journal.text;
    static final int PING = Ping.value;
    static final int PONG = Pong.value * 100 + Pong.seenBefore * 10 + Pong.seenAfter;

    private Root() {}
  }

  private static int[] squares = new int[6];
  private static int largest;

  static {
    for (int i = 0; i < squares.length; i++) {
      squares[i] = i * i;
      largest = Math.max(largest, squares[i]);
    }
  }

  private int early = late();
  private int later = 3;

  {
    later += early;
  }

  @Override
  public String name() {
    return "Initialisation";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    out.line("child", Root.CHILD);
    out.line("journal", Root.JOURNAL);
    out.line("ping", Root.PING);
    out.line("pong", Root.PONG);
    out.line("constant", Child.CONSTANT);
    out.line("field", new Child().field);
    out.line("largest", largest);
    out.line("squares", squares[3]++ + squares[3]);
    out.line("instance", early * 10 + later);
  }

  private int late() {
    return later + 4;
  }
}
