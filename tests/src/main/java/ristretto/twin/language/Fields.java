package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Fields of every type, static and not, from build time and changed later. */
@SuppressWarnings({
  "ReferenceEquality",
  "NarrowingCompoundAssignment",
  "NonAtomicVolatileUpdate"
}) // what is warned of is tested
public final class Fields implements Twin {
  static class Wide {
    boolean flag = true;
    byte b = -1;
    long l = Long.MIN_VALUE;
    char c = '\uffff';
    int i = Integer.MIN_VALUE;
    short s = -2;
    @Nullable Wide next;
    int[] data = {1, 2};
  }

  static final class Wider extends Wide {
    byte small = 7;
    long large = 0x1234_5678_9abc_def0L;
    final int fixed;
    final Wide friend;

    Wider(int fixed, Wide friend) {
      this.fixed = fixed;
      this.friend = friend;
    }
  }

  private static final Wide SHARED = new Wide();
  private static final Wider FIRST = new Wider(1, SHARED);
  private static final Wider SECOND = new Wider(2, SHARED);
  private static boolean flag;
  private static byte b = 5;
  private static short s = -5;
  private static char c = 'c';
  private static int i = 6;
  private static long l = -6;
  private static @Nullable Wide reference;
  private static volatile long published = 11;

  static {
    SHARED.next = FIRST;
    FIRST.next = SECOND;
    SECOND.next = SHARED;
    FIRST.l = 99;
    SECOND.data[1] = 50;
  }

  @Override
  public String name() {
    return "Fields";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Hash hash = new Hash();
    Wide at = SHARED;
    for (int step = 0; step < 7 && at != null; step++) {
      hash.add(at.flag);
      hash.add(at.b++);
      hash.add(at.l -= step);
      hash.add(at.c += (char) step);
      hash.add(at.i--);
      hash.add(at.s *= 3);
      hash.add(at.data[0] += at.data[1]);
      if (at instanceof Wider wider) {
        hash.add(wider.small--);
        hash.add(wider.large >>>= 1);
        hash.add(wider.fixed);
        hash.add(wider.friend == SHARED);
      }
      at.flag = !at.flag;
      at = at.next;
    }
    out.hash("objects", hash.value());
    statics(out);
    Wider fresh = new Wider(3, FIRST);
    out.text("fresh").dec(fresh.l).dec(fresh.small).dec(fresh.friend.data.length).end();
    out.text("fresh next").flag(fresh.next == null).flag(fresh.data == SHARED.data).end();
  }

  private static void statics(Out out) {
    flag ^= true;
    b += 127;
    s -= 1;
    c += 1;
    i *= -7;
    l <<= 3;
    published++;
    reference = reference == null ? SECOND : null;
    out.text("statics").flag(flag).dec(b).dec(s).dec(c).dec(i).dec(l).dec(published).end();
    Wide now = reference;
    out.line("reference", now == null ? -1 : now.data[1]);
  }
}
