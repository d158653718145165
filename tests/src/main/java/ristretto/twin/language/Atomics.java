package ristretto.twin.language;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** What each operation of the atomic classes returns and leaves, on one CPU. */
public final class Atomics implements Twin {
  private static final AtomicInteger SHARED = new AtomicInteger(40);

  private final AtomicLong wide = new AtomicLong(Long.MAX_VALUE);
  private final AtomicReference<@Nullable String> text = new AtomicReference<>();

  @Override
  public String name() {
    return "Atomics";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    ints(out, SHARED);
    longs(out, wide);
    references(out);
  }

  private static void ints(Out out, AtomicInteger number) {
    out.line("get", number.get());
    out.line("incrementAndGet", number.incrementAndGet());
    out.line("getAndIncrement", number.getAndIncrement());
    out.line("decrementAndGet", number.decrementAndGet());
    out.line("getAndDecrement", number.getAndDecrement());
    out.line("addAndGet", number.addAndGet(-100));
    out.line("getAndAdd", number.getAndAdd(Integer.MIN_VALUE));
    out.line("getAndSet", number.getAndSet(7));
    out.text("compareAndSet").flag(number.compareAndSet(8, 9)).flag(number.compareAndSet(7, 8));
    out.end();
    out.line("compareAndExchange", number.compareAndExchange(8, 10));
    out.line("compareAndExchange", number.compareAndExchange(8, 11));
    number.set(12);
    out.line("getPlain", number.getPlain());
    number.setRelease(13);
    out.line("getAcquire", number.getAcquire());
    number.setPlain(14);
    number.setOpaque(15);
    out.line("getOpaque", number.getOpaque());
    number.lazySet(16);
    out.line("last", number.get());
  }

  private static void longs(Out out, AtomicLong number) {
    out.line("incrementAndGet", number.incrementAndGet());
    out.line("getAndAdd", number.getAndAdd(-5));
    out.line("getAndIncrement", number.getAndIncrement());
    out.line("addAndGet", number.addAndGet(1L << 40));
    out.line("getAndSet", number.getAndSet(-1));
    out.text("compareAndSet").flag(number.compareAndSet(-1, 1L << 33));
    out.flag(number.compareAndSet(0, 5)).end();
    out.line("compareAndExchange", number.compareAndExchange(1L << 33, 3));
    number.setRelease(4);
    out.line("getAcquire", number.getAcquire());
    number.set(Long.MIN_VALUE);
    out.line("getPlain", number.getPlain());
    out.line("getAndDecrement", number.getAndDecrement());
    out.line("decrementAndGet", number.decrementAndGet());
  }

  private void references(Out out) {
    out.text("empty").flag(text.get() == null).end();
    text.set("one");
    out.text("compareAndSet").flag(text.compareAndSet("one", "two"));
    out.flag(text.compareAndSet("one", "three")).end();
    String old = text.getAndSet("four");
    out.text(old == null ? "null" : old).end();
    text.setRelease("five");
    String now = text.getAcquire();
    out.text(now == null ? "null" : now).end();
  }
}
