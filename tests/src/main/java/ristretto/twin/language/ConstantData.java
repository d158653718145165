package ristretto.twin.language;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/**
 * Data from build time that something changes, by every way there is. The compiler puts in
 * read-only memory what nothing changes: it must not miss one of these.
 */
@SuppressWarnings({"ReferenceEquality", "ArrayRecordComponent"}) // tested
public final class ConstantData implements Twin {
  private static final int[] DIRECT = {1, 2, 3};
  private static final int[] BY_PARAMETER = {1, 2, 3};
  private static final int[] BY_LOCAL = {1, 2, 3};
  private static final int[] BY_RESULT = {1, 2, 3};
  private static final int[] BY_CONDITION = {1, 2, 3};
  private static final int[] BY_COPY = {1, 2, 3};
  private static final int[][] INNER = {{1}, {2}};
  private static final Object BY_CAST = new long[] {5, 6};
  private static final int[] BY_FIELD = {1, 2, 3};
  private static final int[] BY_RECORD = {1, 2, 3};
  private static final int[] BY_LOOP = {1, 2, 3};
  private static final int[] BY_INTERFACE = {1, 2, 3};
  private static final int[] READ_ONLY = {7, 8, 9};
  private static final @Nullable Object[] REFERENCES = {"a", "b"};
  private static final Holder HOLDER = new Holder(BY_FIELD);
  private static final Wrapped WRAPPED = new Wrapped(BY_RECORD);
  private static final Counter COUNTER = new Counter();
  private static final Base DERIVED = new Derived(3);
  private static final Node RING = new Node(1);
  private static final AtomicBoolean FLAG = new AtomicBoolean();
  private static final AtomicLong[] TOTALS = {new AtomicLong(1), new AtomicLong(2)};
  private static final AtomicIntegerArray SLOTS = new AtomicIntegerArray(3);
  private static final AtomicLongArray WIDE_SLOTS = new AtomicLongArray(new long[] {4, 5});
  private static final Holder[] HOLDERS = {new Holder(new int[2]), new Holder(new int[3])};

  /** Final reference to an array that changes. */
  record Wrapped(int[] values) {
    void add(int amount) {
      values[0] += amount;
    }
  }

  static final class Holder {
    private final int[] values;

    Holder(int[] values) {
      this.values = values;
    }

    void set(int index, int value) {
      values[index] = value;
    }
  }

  /** Changed from the class around it only. */
  static final class Counter {
    private int count;
    private @Nullable String last;
    private final long[] history = new long[4];
  }

  static class Base {
    protected int value = 1;
    final int fixed = 2;
  }

  /** Changes a field of its superclass. */
  static final class Derived extends Base {
    Derived(int start) {
      value = start;
    }

    void step() {
      value++;
    }
  }

  static final class Node {
    final int id;
    Node next;

    Node(int id) {
      this.id = id;
      this.next = this;
    }
  }

  interface Change {
    void apply(int[] values);
  }

  static final class AddOne implements Change {
    @Override
    public void apply(int[] values) {
      values[1]++;
    }
  }

  static final class AddTwo implements Change {
    @Override
    public void apply(int[] values) {
      values[1] += 2;
    }
  }

  private static final Change[] CHANGES = {new AddOne(), new AddTwo()};

  @Override
  public String name() {
    return "ConstantData";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    arrays(out, READ_ONLY[0] == 7);
    objects(out);
    atomics(out);
    out.line("read only", READ_ONLY[0] + READ_ONLY[1] + READ_ONLY[2]);
  }

  private static void arrays(Out out, boolean yes) {
    DIRECT[1]++;
    out.line("direct", sum(DIRECT));
    change(BY_PARAMETER);
    out.line("parameter", sum(BY_PARAMETER));
    int[] local = BY_LOCAL;
    local[2] -= 10;
    out.line("local", sum(BY_LOCAL));
    result()[0] = 40;
    out.line("result", sum(BY_RESULT));
    (yes ? BY_CONDITION : READ_ONLY)[1] = 50;
    out.line("condition", sum(BY_CONDITION));
    System.arraycopy(READ_ONLY, 0, BY_COPY, 1, 2);
    out.line("copy", sum(BY_COPY));
    INNER[1][0] = 33;
    INNER[0] = INNER[1];
    out.line("inner", INNER[0][0] + INNER[1][0]);
    long[] cast = (long[]) BY_CAST;
    cast[1] *= 7;
    out.line("cast", ((long[]) BY_CAST)[1]);
    for (int[] each : new int[][] {BY_LOOP, BY_LOOP}) {
      each[0] *= 5;
    }
    out.line("loop", sum(BY_LOOP));
    for (Change change : CHANGES) {
      change.apply(BY_INTERFACE);
    }
    out.line("interface", sum(BY_INTERFACE));
    Object swapped = REFERENCES[0];
    REFERENCES[0] = REFERENCES[1];
    REFERENCES[1] = swapped;
    out.text("references").flag(REFERENCES[1] == "a").flag("b".equals(REFERENCES[0])).end();
  }

  private static void objects(Out out) {
    HOLDER.set(0, 9);
    out.line("field", sum(BY_FIELD));
    WRAPPED.add(100);
    out.line("record", sum(BY_RECORD));
    COUNTER.count += 3;
    COUNTER.last = COUNTER.last == null ? "first" : "again";
    COUNTER.history[COUNTER.count] = COUNTER.count++;
    out.text(COUNTER.last).dec(COUNTER.count).dec(COUNTER.history[3]).end();
    ((Derived) DERIVED).step();
    out.line("derived", DERIVED.value * 10 + DERIVED.fixed);
    RING.next = new Node(2);
    RING.next.next = RING;
    out.line("ring", RING.next.next.next.id);
    HOLDERS[1].set(2, 8);
    out.line("holders", sum(HOLDERS[0].values) + sum(HOLDERS[1].values));
  }

  private static void atomics(Out out) {
    out.text("flag").flag(FLAG.get()).flag(FLAG.getAndSet(true)).flag(FLAG.get());
    out.flag(FLAG.compareAndSet(false, true)).end();
    TOTALS[1].addAndGet(TOTALS[0].incrementAndGet());
    out.line("total", TOTALS[1].get());
    SLOTS.set(1, 5);
    out.line("slot", SLOTS.incrementAndGet(1) + SLOTS.getAndAdd(2, 7) + SLOTS.get(2));
    out.line("wide slot", WIDE_SLOTS.getAndSet(0, 100) + WIDE_SLOTS.get(0) + WIDE_SLOTS.length());
  }

  private static void change(int[] values) {
    values[0] = 20;
  }

  private static int[] result() {
    return BY_RESULT;
  }

  private static int sum(int[] values) {
    int sum = 0;
    for (int value : values) {
      sum += value;
    }
    return sum;
  }
}
