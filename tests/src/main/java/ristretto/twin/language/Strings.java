package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** String constants: length, charAt, equals, identity. */
@SuppressWarnings("EqualsNull") // what is warned of is tested
public final class Strings implements Twin {
  private static final String GREETING = "hello";
  private static final String JOINED = GREETING + ", " + "world " + 7;
  private static final String BUILT = String.valueOf(new char[] {'h', 'i'});
  private static final String[] ALL = {
    "", "a", "b", "hello", "\u00e9t\u00e9", "\u00ff\u0080", "quote\" \\ \n\t\0end", "%s"
  };

  @Override
  public String name() {
    return "Strings";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Hash hash = new Hash();
    for (String text : ALL) {
      hash.add(text.length());
      hash.add(text.isEmpty());
      for (int i = 0; i < text.length(); i++) {
        hash.add(text.charAt(i));
      }
      for (String other : ALL) {
        hash.add(text.equals(other));
      }
    }
    out.hash("strings", hash.value());
    out.text(JOINED).end();
    out.text(BUILT).flag(BUILT.equals("hi")).end();
    out.text("same literal").flag(identical(GREETING, "hello")).end();
    out.text("same joined").flag(identical(JOINED, "hello, world 7")).end();
    out.line("number", parse("18446744073709551615"));
    out.line("number", parse("-4096"));
    out.text("hello".equals(null) ? "equal" : "not equal").end();
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean identical(String a, String b) {
    return a == b;
  }

  private static long parse(String digits) {
    long value = 0;
    boolean negative = false;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c == '-') {
        negative = true;
      } else {
        value = value * 10 + (c - '0');
      }
    }
    return negative ? -value : value;
  }
}
