package ristretto.twin.language;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;
import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** {@link Bits}, and unboxed records as registers, views and results. */
@SuppressWarnings("ArrayRecordComponent") // what is warned of is tested
public final class BitFields implements Twin {
  /** A register. */
  @Unboxed
  record Control(long bits) {
    static final Control RESET = new Control(0x8000_0000_0000_0001L);

    int mode() {
      return (int) Bits.get(bits, 7, 4);
    }

    Control withMode(int mode) {
      return new Control(Bits.put(bits, 7, 4, mode));
    }

    boolean enabled() {
      return Bits.isSet(bits, 0);
    }

    Control withEnabled(boolean enabled) {
      return new Control(Bits.with(bits, 0, enabled));
    }

    boolean sameAs(Control other) {
      return bits == other.bits;
    }
  }

  /** A 32-bit one. */
  @Unboxed
  record Status(int bits) {
    int level() {
      return Bits.get(bits, 31, 28);
    }
  }

  /** A view of an array. */
  @Unboxed
  record Counters(int[] values) {
    int add(int index, int amount) {
      values[index] += amount;
      return values[index];
    }
  }

  private Control control = Control.RESET;
  private final Counters counters = new Counters(new int[4]);

  @Override
  public String name() {
    return "BitFields";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Hash hash = new Hash();
    Operands operands = new Operands(3);
    for (long value : operands.longs()) {
      int hi = operands.below(64);
      int lo = operands.below(hi + 1);
      hash.add(Bits.get(value, hi, lo));
      hash.add(Bits.put(value, hi, lo, operands.next()));
      hash.add(Bits.isSet(value, hi));
      hash.add(Bits.with(value, lo, (value & 2) == 0));
      hash.add(Bits.mask(hi, lo));
      hash.add(Bits.bit(hi));
      hash.add(Bits.signExtend(value, hi));
      hash.add(Bits.alignDown(value, Bits.bit(lo)));
      hash.add(Bits.alignUp(value, Bits.bit(lo)));
      hash.add(Bits.isAligned(value, Bits.bit(lo)));
      int hi32 = hi & 31;
      int lo32 = Math.min(lo, hi32);
      hash.add(Bits.get((int) value, hi32, lo32));
      hash.add(Bits.put((int) value, hi32, lo32, (int) operands.next()));
      hash.add(new Status((int) value).level());
    }
    out.hash("bits", hash.value());
    registers(out);
  }

  private void registers(Out out) {
    out.line("mode", control.mode());
    control = control.withMode(9).withEnabled(false);
    out.line("mode", control.mode());
    out.text("enabled").flag(control.enabled()).end();
    out.hash("control", control.bits());
    out.text("same").flag(control.sameAs(Control.RESET.withMode(9).withEnabled(false))).end();
    Control[] history = new Control[3];
    for (int i = 0; i < history.length; i++) {
      history[i] = choose(i > 1, control.withMode(i));
    }
    out.hash("history", history[1].bits() ^ history[2].bits());
    counters.add(1, 5);
    out.line("counter", counters.add(1, 6));
    out.line("length", counters.values().length);
  }

  private static Control choose(boolean reset, Control other) {
    return reset ? Control.RESET : other;
  }
}
