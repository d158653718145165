package ristretto.tools.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody may have meant. */
public final class Nearest {
  private static final int SHORTEST = 2;

  private Nearest() {}

  /** The nearest of some names, if one is near: a third of the letters may differ. */
  public static Optional<String> to(String written, Collection<String> names) {
    int limit = Math.max(SHORTEST, written.length() / 3);
    return names.stream()
        .filter(name -> distance(written, name) <= limit)
        .min(
            Comparator.comparingInt((String name) -> distance(written, name))
                .thenComparing(name -> name));
  }

  /** ": did you mean NAME", or nothing. */
  public static String hint(String written, Collection<String> names) {
    return to(written, names).map(name -> "write " + name).orElse("remove it");
  }

  /** Letters to insert, remove or replace; upper and lower case, _ and - are the same. */
  static int distance(String first, String second) {
    String left = plain(first);
    String right = plain(second);
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
  }
}
