package ristretto.twin;

/** Prints text and numbers without allocating. */
public final class Out {
  /** Receives the bytes. */
  public interface Sink {
    void put(int b);
  }

  private final Sink sink;

  public Out(Sink sink) {
    this.sink = sink;
  }

  public Out text(String text) {
    for (int i = 0; i < text.length(); i++) {
      sink.put(text.charAt(i));
    }
    return this;
  }

  /** One byte as it is. */
  public Out character(int b) {
    sink.put(b);
    return this;
  }

  /** A space and a number in decimal. */
  public Out dec(long value) {
    sink.put(' ');
    if (value < 0) {
      sink.put('-');
    }
    long unit = 1;
    // Digits of the negative number, because the smallest long has no positive counterpart.
    long rest = value < 0 ? value : -value;
    while (rest / unit <= -10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      sink.put('0' - (int) (rest / unit % 10));
    }
    return this;
  }

  /** A space and a number as 16 hexadecimal digits. */
  public Out hex(long value) {
    sink.put(' ');
    for (int shift = 60; shift >= 0; shift -= 4) {
      int digit = (int) (value >>> shift) & 15;
      sink.put(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return this;
  }

  /** A space and {@code true} or {@code false}. */
  public Out flag(boolean value) {
    return text(value ? " true" : " false");
  }

  public void end() {
    sink.put('\n');
  }

  /** A whole line: a name and a number in decimal. */
  public void line(String name, long value) {
    text(name).dec(value).end();
  }

  /** A whole line: a name and a number in hexadecimal. */
  public void hash(String name, long value) {
    text(name).hex(value).end();
  }
}
