package ristretto.tools.xl;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A CPULIST of xl.cfg(5): "all", "0-3,5,^1"; nodes are not counted here. */
public final class CpuList {
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");
  private static final int MOST_DIGITS = 9;

  private CpuList() {}

  /** The CPUs, of {@code count}, that a list has. */
  public static Set<Integer> of(XlValue value, int count) {
    Set<Integer> set = new HashSet<>();
    String text =
        switch (value) {
          case XlValue.Text string -> string.text();
          case XlValue.Whole number -> number.written();
          case XlValue.Items _ -> "all";
        };
    for (String part : text.split(",")) {
      String range = part.strip().replaceFirst("^\\^", "");
      Matcher numbers = RANGE.matcher(range);
      int from = numbers.matches() ? number(numbers.group(1)) : 0;
      int to = numbers.matches() ? number(numbers.group(2), from) : count - 1;
      Set<Integer> these = range(from, Math.min(to, count - 1));
      if (part.strip().startsWith("^")) {
        set.removeAll(these);
      } else {
        set.addAll(these);
      }
    }
    return set;
  }

  /** All CPUs of {@code count}. */
  public static Set<Integer> all(int count) {
    return range(0, count - 1);
  }

  private static Set<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().collect(Collectors.toSet());
  }

  private static int number(@Nullable String digits, int otherwise) {
    return digits == null ? otherwise : number(digits);
  }

  /** A number with many digits is that of no CPU. */
  private static int number(String digits) {
    return digits.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
