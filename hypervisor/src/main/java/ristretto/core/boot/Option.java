package ristretto.core.boot;

import ristretto.fdt.Text;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/** One option of the command line: Xen's name, and what its value has to look like. */
public abstract class Option {
  public final String name;

  /** What it does, for a reader who has a list of options before him. */
  public final String description;

  /** Whether the command line named it with a value that could be used. */
  private boolean given;

  Option(String name, String description) {
    this.name = name;
    this.description = description;
  }

  public boolean isGiven() {
    return given;
  }

  /** Takes the value over; false, with nothing changed, if it cannot be used. */
  final boolean set(Text value) {
    boolean used = parse(value);
    given |= used;
    return used;
  }

  /** Adds what is to say of a value that cannot be used; nothing where it speaks for itself. */
  @BootOnly
  void explain(BootMessage refusal) {}

  /** Understands {@code value}: what follows '=', or empty, or "no" for the prefix {@code no-}. */
  abstract boolean parse(Text value);

  /**
   * Xen's words for a boolean: 1 true, 0 false, -1 neither. An option by its name alone is true.
   */
  static int booleanValue(Text value) {
    if (value.isEmpty()
        || value.is("1")
        || value.is("yes")
        || value.is("on")
        || value.is("true")
        || value.is("enable")) {
      return 1;
    }
    if (value.is("0")
        || value.is("no")
        || value.is("off")
        || value.is("false")
        || value.is("disable")) {
      return 0;
    }
    return -1;
  }

  /** {@code <boolean>}. */
  public static final class Flag extends Option {
    private boolean value;

    Flag(String name, boolean initial, String description) {
      super(name, description);
      this.value = initial;
    }

    public boolean value() {
      return value;
    }

    @Override
    boolean parse(Text text) {
      int parsed = booleanValue(text);
      if (parsed >= 0) {
        value = parsed == 1;
      }
      return parsed >= 0;
    }
  }

  /** {@code <integer>} within limits. */
  public static final class Whole extends Option {
    private final long minimum;
    private final long maximum;
    private long value;

    Whole(String name, long initial, long minimum, long maximum, String description) {
      super(name, description);
      this.value = initial;
      this.minimum = minimum;
      this.maximum = maximum;
    }

    public long value() {
      return value;
    }

    @Override
    boolean parse(Text text) {
      NumberParser parser = new NumberParser(text);
      long parsed = parser.integer();
      if (!parser.isComplete() || parsed < minimum || parsed > maximum) {
        return false;
      }
      value = parsed;
      return true;
    }
  }

  /** {@code <size>}, in bytes. */
  public static final class Size extends Option {
    private long value;

    Size(String name, long initial, String description) {
      super(name, description);
      this.value = initial;
    }

    public long value() {
      return value;
    }

    @Override
    boolean parse(Text text) {
      NumberParser parser = new NumberParser(text);
      long parsed = parser.size();
      if (!parser.isComplete() || parsed <= 0) {
        return false;
      }
      value = parsed;
      return true;
    }
  }

  /** A string that somebody else understands. */
  public static final class Words extends Option {
    private Text value = Text.empty();

    Words(String name, String description) {
      super(name, description);
    }

    public Text value() {
      return value;
    }

    @Override
    boolean parse(Text text) {
      value = text;
      return true;
    }
  }

  /** One of a few words. */
  public static final class Choice extends Option {
    private final String[] words;
    private final int alone;
    private final String refusal;
    private int value;

    /**
     * {@code words} in the order of their numbers, of which the first is the default; {@code alone}
     * is the number that the option's mere name means, -1 if it needs a word.
     */
    Choice(String name, String[] words, int alone, String description) {
      this(name, words, alone, description, "");
    }

    /** The same, with what is said of other words. */
    Choice(String name, String[] words, int alone, String description, String refusal) {
      super(name, description);
      this.words = words;
      this.alone = alone;
      this.refusal = refusal;
    }

    @BootOnly
    @Override
    void explain(BootMessage message) {
      for (int i = 0; i < words.length; i++) {
        message.text(i == 0 ? ": one of " : ", ").text(words[i]);
      }
      message.text(refusal);
    }

    /** The number of the word that was chosen. */
    public int value() {
      return value;
    }

    @Override
    boolean parse(Text text) {
      if (text.isEmpty() && alone >= 0) {
        value = alone;
        return true;
      }
      for (int i = 0; i < words.length; i++) {
        if (text.is(words[i])) {
          value = i;
          return true;
        }
      }
      return false;
    }
  }

  /** {@code <level>[/<rate-limited level>]}: none, error, warning, info, debug, all. */
  public static final class Levels extends Option {
    /** Levels that are printed: 0 none, 1 errors, 2 also warnings, 3 also info, 4 everything. */
    private int printed;

    private int rateLimited;

    Levels(String name, int printed, int rateLimited, String description) {
      super(name, description);
      this.printed = printed;
      this.rateLimited = rateLimited;
    }

    /** Levels that are always printed: 0 none, 1 errors, 2 also warnings, 3 also info, 4 all. */
    public int printed() {
      return printed;
    }

    /** Levels that are printed, but not too often; at least {@link #printed}. */
    public int rateLimited() {
      return Math.max(printed, rateLimited);
    }

    /** Something else was asked for than that all of a level is printed, or nothing. */
    boolean limits() {
      return rateLimited > printed;
    }

    @Override
    boolean parse(Text text) {
      int slash = text.find('/', 0);
      int first = level(text.part(0, slash));
      int second = slash == text.length ? first : level(text.part(slash + 1, text.length));
      if (first < 0 || second < 0) {
        return false;
      }
      printed = first;
      rateLimited = second;
      return true;
    }

    private static int level(Text word) {
      if (word.is("none")) {
        return 0;
      }
      if (word.is("error")) {
        return 1;
      }
      if (word.is("warning")) {
        return 2;
      }
      if (word.is("info")) {
        return 3;
      }
      return word.is("debug") || word.is("all") ? 4 : -1;
    }
  }
}
