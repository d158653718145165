package ristretto.core.boot;

import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * Expands a gzip file from raw memory to raw memory. RFC 1951 (DEFLATE), RFC 1952 (gzip). Neither
 * reads past the input nor writes past the limit, whatever the input says: the output is its own
 * window, so a distance that points before it is an error.
 */
final class Inflater {
  private static final int MAX_BITS = 15;
  private static final int LITERALS = 288;
  private static final int DISTANCES = 30;
  private static final int END_OF_BLOCK = 256;

  /** RFC 1951, "Compressed blocks (length and distance codes)". */
  private static final short[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  };

  private static final byte[] LENGTH_EXTRA = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  };
  private static final short[] DISTANCE_BASE = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  };

  /** The order in which the lengths of code length codes are sent. */
  private static final byte[] CODE_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  };

  /** RFC 1952, "Sample CRC Code": what each byte does to the check sum. */
  private static final int[] CRC_TABLE = crcTable();

  private final long inputEnd;
  private final long output;
  private final long outputEnd;
  private final Code literals = new Code(LITERALS);
  private final Code distances = new Code(LITERALS);
  private final byte[] lengths = new byte[LITERALS + 32];

  private long at;
  private long out;
  private int bits;
  private int bitCount;
  private boolean last;

  /** There was more than the limit allows. */
  private boolean truncated;

  /**
   * @param input first byte of the file, {@code inputSize} bytes long or shorter
   * @param output where its content goes, at most {@code limit} bytes
   */
  @BootOnly
  Inflater(long input, long inputSize, long output, long limit) {
    this.at = input;
    this.inputEnd = input + inputSize;
    this.output = output;
    this.out = output;
    this.outputEnd = output + limit;
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) != 0 ? value >>> 1 ^ 0xedb8_8320 : value >>> 1;
      }
      table[i] = value;
    }
    return table;
  }

  /** Whether a gzip file begins at {@code address}. */
  static boolean isGzip(long address, long size) {
    return size > 18
        && Memory.load8(address) == 0x1f
        && Memory.load8(address + 1) == 0x8b
        && Memory.load8(address + 2) == 8;
  }

  /**
   * Expands until the end, or until the limit is reached.
   *
   * @return the bytes written
   * @throws BootException if the input is damaged or ends too early
   */
  @BootOnly
  long run() {
    header();
    do {
      last = take(1) == 1;
      switch (take(2)) {
        case 0 -> stored();
        case 1 -> {
          fixedCodes();
          compressed();
        }
        case 2 -> {
          dynamicCodes();
          compressed();
        }
        default -> throw damaged("a block of no known kind");
      }
    } while (!last && !truncated);
    return out - output;
  }

  /** Whether {@link #run} left something out because of the limit. */
  boolean isTruncated() {
    return truncated;
  }

  /** Compares what was written with the check sum and length at the end of the file. */
  @BootOnly
  void verify() {
    bits = 0;
    bitCount = 0;
    int expected = nextWord();
    int length = nextWord();
    int crc = -1;
    for (long i = output; i < out; i++) {
      crc = CRC_TABLE[(crc ^ Memory.load8(i)) & 0xff] ^ crc >>> 8;
    }
    if (~crc != expected || (int) (out - output) != length) {
      throw damaged("its check sum is wrong");
    }
  }

  @BootOnly
  private int nextWord() {
    return nextByte() | nextByte() << 8 | nextByte() << 16 | nextByte() << 24;
  }

  /** RFC 1952, "Member format". */
  @BootOnly
  private void header() {
    at += 3;
    int flags = nextByte();
    for (int i = 0; i < 6; i++) {
      nextByte();
    }
    if ((flags & 4) != 0) {
      int extra = nextByte() | nextByte() << 8;
      for (int i = 0; i < extra; i++) {
        nextByte();
      }
    }
    skipString((flags & 8) != 0);
    skipString((flags & 16) != 0);
    if ((flags & 2) != 0) {
      nextByte();
      nextByte();
    }
  }

  @BootOnly
  private void skipString(boolean present) {
    int last = present ? nextByte() : 0;
    while (last != 0) {
      last = nextByte();
    }
  }

  @BootOnly
  private void stored() {
    bits = 0;
    bitCount = 0;
    int length = nextByte() | nextByte() << 8;
    int complement = nextByte() | nextByte() << 8;
    if ((length ^ complement) != 0xffff) {
      throw damaged("a stored block whose length does not agree with itself");
    }
    for (int i = 0; i < length && !truncated; i++) {
      put(nextByte());
    }
  }

  @BootOnly
  private void compressed() {
    while (!truncated) {
      int symbol = literals.next();
      if (symbol < END_OF_BLOCK) {
        put(symbol);
      } else if (symbol == END_OF_BLOCK) {
        return;
      } else {
        copy(symbol - END_OF_BLOCK - 1);
      }
    }
  }

  @BootOnly
  private void copy(int lengthCode) {
    if (lengthCode >= LENGTH_BASE.length) {
      throw damaged("a length that is not defined");
    }
    int length = LENGTH_BASE[lengthCode] + take(LENGTH_EXTRA[lengthCode]);
    int distanceCode = distances.next();
    if (distanceCode >= DISTANCES) {
      throw damaged("a distance that is not defined");
    }
    int extra = distanceCode < 4 ? 0 : distanceCode / 2 - 1;
    int distance = DISTANCE_BASE[distanceCode] + take(extra);
    if (distance > out - output) {
      throw damaged("a distance to before the beginning");
    }
    for (int i = 0; i < length && !truncated; i++) {
      put(Memory.load8(out - distance));
    }
  }

  private void put(int value) {
    if (out == outputEnd) {
      truncated = true;
    } else {
      Memory.store8(out, value);
      out++;
    }
  }

  /** RFC 1951, "Compression with fixed Huffman codes". */
  @BootOnly
  private void fixedCodes() {
    for (int i = 0; i < LITERALS; i++) {
      lengths[i] = (byte) (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    }
    literals.build(0, LITERALS);
    for (int i = 0; i < DISTANCES; i++) {
      lengths[i] = 5;
    }
    distances.build(0, DISTANCES);
  }

  /** RFC 1951, "Compression with dynamic Huffman codes". */
  @BootOnly
  private void dynamicCodes() {
    int literalCount = take(5) + 257;
    int distanceCount = take(5) + 1;
    int codeCount = take(4) + 4;
    if (literalCount > 286 || distanceCount > DISTANCES) {
      throw damaged("too many codes");
    }
    for (int i = 0; i < CODE_ORDER.length; i++) {
      lengths[CODE_ORDER[i]] = (byte) (i < codeCount ? take(3) : 0);
    }
    literals.build(0, CODE_ORDER.length);
    readLengths(literalCount + distanceCount);
    if (lengths[END_OF_BLOCK] == 0) {
      throw damaged("a block without an end");
    }
    literals.build(0, literalCount);
    distances.build(literalCount, distanceCount);
  }

  @BootOnly
  private void readLengths(int count) {
    int done = 0;
    while (done < count) {
      int symbol = literals.next();
      if (symbol < 16) {
        lengths[done] = (byte) symbol;
        done++;
        continue;
      }
      if (symbol == 16 && done == 0) {
        throw damaged("a repetition of nothing");
      }
      byte repeated = symbol == 16 ? lengths[done - 1] : 0;
      int times =
          switch (symbol) {
            case 16 -> 3 + take(2);
            case 17 -> 3 + take(3);
            default -> 11 + take(7);
          };
      if (times > count - done) {
        throw damaged("too many code lengths");
      }
      for (int i = 0; i < times; i++) {
        lengths[done] = repeated;
        done++;
      }
    }
  }

  /** The next {@code count} bits, 0 to 15, the first in the lowest place. */
  @BootOnly
  private int take(int count) {
    while (bitCount < count) {
      bits |= nextByte() << bitCount;
      bitCount += 8;
    }
    int value = bits & (1 << count) - 1;
    bits >>>= count;
    bitCount -= count;
    return value;
  }

  @BootOnly
  private int nextByte() {
    if (at >= inputEnd) {
      throw damaged("it ends too early");
    }
    int value = Memory.load8(at);
    at++;
    return value;
  }

  @BootOnly
  private BootException damaged(String what) {
    return new BootException(
        new BootMessage("the compressed file is damaged: ")
            .text(what)
            .text(", byte ")
            .dec(out - output)
            .text(" of the content"));
  }

  /** A Huffman code: how many codes of each length there are, and the symbols in code order. */
  private final class Code {
    private final short[] counts = new short[MAX_BITS + 1];
    private final short[] symbols;
    private final short[] offsets = new short[MAX_BITS + 1];

    @BootOnly
    Code(int capacity) {
      symbols = new short[capacity];
    }

    /** Makes the code from {@code count} lengths that begin at {@code first}. */
    @BootOnly
    void build(int first, int count) {
      for (int i = 0; i <= MAX_BITS; i++) {
        counts[i] = 0;
      }
      for (int i = 0; i < count; i++) {
        counts[lengths[first + i]]++;
      }
      counts[0] = 0;
      int left = 1;
      int offset = 0;
      for (int i = 1; i <= MAX_BITS; i++) {
        left = left * 2 - counts[i];
        if (left < 0) {
          throw damaged("more codes than there can be");
        }
        offsets[i] = (short) offset;
        offset += counts[i];
      }
      for (int i = 0; i < count; i++) {
        int length = lengths[first + i];
        if (length != 0) {
          symbols[offsets[length]] = (short) i;
          offsets[length]++;
        }
      }
    }

    /** The symbol of the code that comes next. */
    @BootOnly
    int next() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int length = 1; length <= MAX_BITS; length++) {
        code |= take(1);
        int count = counts[length];
        if (code - first < count) {
          return symbols[index + code - first];
        }
        index += count;
        first = (first + count) * 2;
        code *= 2;
      }
      throw damaged("a code that is not defined");
    }
  }
}
