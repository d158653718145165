package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Widening, narrowing, and the narrowing hidden in compound assignment. JLS 5.1 and 15.26.2. */
@SuppressWarnings({
  "NarrowingCompoundAssignment",
  "cast",
  "lossy-conversions",
  "UnnecessaryLongToIntConversion"
}) // what is warned of is tested
public final class Conversions implements Twin {
  private byte byteField;
  private short shortField;
  private char charField;
  private boolean booleanField;
  private static byte staticByte = -1;
  private static char staticChar = '\uffff';

  @Override
  public String name() {
    return "Conversions";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Hash casts = new Hash();
    Hash fields = new Hash();
    Hash compound = new Hash();
    for (long value : new Operands(11).longs()) {
      cast(casts, value);
      store(fields, (int) value);
      compound(compound, (int) value);
    }
    out.hash("casts", casts.value());
    out.hash("fields", fields.value());
    out.hash("compound", compound.value());
    selected(out, 200, 70_000, 0x1_8000_0001L);
  }

  private static void cast(Hash hash, long value) {
    hash.add((int) value);
    hash.add((short) value);
    hash.add((char) value);
    hash.add((byte) value);
    int i = (int) value;
    hash.add((byte) i);
    hash.add((short) i);
    hash.add((char) i);
    hash.add((long) i);
    hash.add(i & 0xffff_ffffL);
    hash.add((char) (byte) i);
    hash.add((short) (char) i);
    hash.add((int) (char) (short) i);
    hash.add((byte) i + (byte) (i >> 8));
    hash.add((char) i * (char) (i >> 16));
  }

  private void store(Hash hash, int value) {
    byteField = (byte) value;
    shortField = (short) value;
    charField = (char) value;
    booleanField = (value & 1) != 0;
    staticByte += (byte) value;
    staticChar -= (char) value;
    hash.add(byteField);
    hash.add(shortField);
    hash.add(charField);
    hash.add(booleanField);
    hash.add(staticByte);
    hash.add(staticChar);
    byteField++;
    charField--;
    shortField <<= 3;
    booleanField ^= true;
    hash.add(byteField);
    hash.add(charField);
    hash.add(shortField);
    hash.add(booleanField);
  }

  private static void compound(Hash hash, int value) {
    byte b = (byte) value;
    b += 100;
    hash.add(b);
    b *= 3;
    hash.add(b);
    b >>>= 1;
    hash.add(b);
    b++;
    hash.add(b);
    char c = (char) value;
    c += 65_000;
    hash.add(c);
    c--;
    hash.add(c);
    c >>= 4;
    hash.add(c);
    short s = (short) value;
    s -= 30_000;
    hash.add(s);
    s ^= 0x5555;
    hash.add(s);
    int i = value;
    i += 0x1_0000_0001L;
    hash.add(i);
    i <<= 33L;
    hash.add(i);
    long l = value;
    l *= value;
    hash.add(l);
  }

  private static void selected(Out out, int a, int b, long c) {
    out.line("(byte) 200", (byte) a);
    out.line("(short) 70000", (short) b);
    out.line("(char) -1", (char) (a - 201));
    out.line("(int) 0x180000001", (int) c);
    out.line("(long) negative int", (long) (int) (c >> 1 << 31));
    out.line("char + char", (char) a + (char) b);
    out.line("'z' - 'a'", 'z' - 'a');
  }
}
