package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Inner, local and anonymous classes, and what they see of their surroundings. JLS 8.1.3. */
@SuppressWarnings("HidingField") // what is warned of is tested
public final class Nested implements Twin {
  private int count = 5;
  private static int total;

  private class Inner {
    private final int offset;

    Inner(int offset) {
      this.offset = offset;
    }

    int read() {
      return count + offset;
    }

    void bump() {
      count += offset;
      total++;
    }

    private class Deeper {
      int read() {
        return count * 100 + offset + Inner.this.read();
      }
    }
  }

  private static class Node {
    private final int value;
    private @Nullable Node left;
    private @Nullable Node right;

    Node(int value) {
      this.value = value;
    }

    void insert(int other) {
      if (other < value) {
        if (left == null) {
          left = new Node(other);
        } else {
          left.insert(other);
        }
      } else if (right == null) {
        right = new Node(other);
      } else {
        right.insert(other);
      }
    }

    int depth() {
      int l = left == null ? 0 : left.depth();
      int r = right == null ? 0 : right.depth();
      return 1 + Math.max(l, r);
    }

    void print(Out out) {
      if (left != null) {
        left.print(out);
      }
      out.dec(value);
      if (right != null) {
        right.print(out);
      }
    }
  }

  private abstract static class Shadow {
    int x = 1;

    Shadow() {
      hook();
    }

    abstract void hook();
  }

  /** Its field initialiser runs after the superclass's constructor called hook(). */
  private static final class Shade extends Shadow {
    int x = 10;
    int seen;
    int kept;

    Shade() {
      kept = seen;
    }

    @Override
    void hook() {
      seen = x + 7;
    }

    int sum() {
      return x + super.x * 1000 + ((Shadow) this).x * 100_000;
    }
  }

  interface Step {
    int step(int value);
  }

  @Override
  public String name() {
    return "Nested";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Inner inner = new Inner(3);
    inner.bump();
    Inner.Deeper deeper = inner.new Deeper();
    out.line("inner", inner.read());
    out.line("deeper", deeper.read());
    out.line("total", total);
    Shade shade = new Shade();
    out.line("seen", shade.seen);
    out.line("kept", shade.kept);
    out.line("sum", shade.sum());
    tree(out);
    local(out, 4);
  }

  private static void tree(Out out) {
    int[] values = {50, 30, 70, 20, 40, 60, 80, 10, 45, 44};
    Node root = new Node(values[0]);
    for (int i = 1; i < values.length; i++) {
      root.insert(values[i]);
    }
    root.print(out);
    out.end();
    out.line("depth", root.depth());
  }

  @SuppressWarnings("UnnecessaryAnonymousClass")
  private void local(Out out, int parameter) {
    int captured = parameter * 3;
    class Local implements Step {
      @Override
      public int step(int value) {
        return value + captured + count;
      }
    }
    Step anonymous =
        new Step() {
          private int calls;

          @Override
          public int step(int value) {
            calls++;
            return value * calls + parameter;
          }
        };
    Step first = new Local();
    out.line("local", first.step(1));
    out.line("anonymous", anonymous.step(10) + anonymous.step(10));
  }
}
