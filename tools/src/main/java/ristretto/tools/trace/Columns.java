package ristretto.tools.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A lane of a picture, a pixel a column: of the things that share a pixel the one that has most of
 * it is drawn, as strongly as it fills it. So a picture stays small, however long the recording.
 */
final class Columns {
  /** Shades of one colour. */
  static final int SHADES = 4;

  private final long from;
  private final double perColumn;
  private final double[][] shares;

  /**
   * Columns of a window of time.
   *
   * @param kinds how many things there are to tell apart
   */
  Columns(long from, long to, int width, int kinds) {
    this.from = from;
    this.perColumn = (double) (to - from) / width;
    this.shares = new double[kinds][width];
  }

  /** A thing that was there for a while. */
  void add(int kind, long start, long end) {
    double left = (start - from) / perColumn;
    double right = (end - from) / perColumn;
    int width = shares[kind].length;
    int last = Math.min(width - 1, (int) Math.floor(right));
    for (int i = Math.max(0, (int) Math.floor(left)); i <= last; i++) {
      shares[kind][i] += Math.max(0, Math.min(right, i + 1) - Math.max(left, i));
    }
  }

  /** A run of columns that look alike; {@code shade} from 1 to {@link #SHADES}. */
  record Run(int kind, int shade, int first, int count) {}

  /** What there is to draw, from left to right. */
  List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    int width = shares.length == 0 ? 0 : shares[0].length;
    int first = 0;
    while (first < width) {
      int kind = strongest(first);
      int shade = shade(kind, first);
      int end = first + 1;
      while (end < width && strongest(end) == kind && shade(kind, end) == shade) {
        end++;
      }
      if (shade != 0) {
        runs.add(new Run(kind, shade, first, end - first));
      }
      first = end;
    }
    return runs;
  }

  private int strongest(int column) {
    int best = 0;
    for (int kind = 1; kind < shares.length; kind++) {
      if (shares[kind][column] > shares[best][column]) {
        best = kind;
      }
    }
    return best;
  }

  /** What is there for the thousandth part of a pixel is seen all the same. */
  private int shade(int kind, int column) {
    double share = Math.min(1, shares[kind][column]);
    return share <= 0 ? 0 : Math.max(1, (int) Math.round(share * SHADES));
  }

  @Override
  public String toString() {
    return Arrays.deepToString(shares);
  }
}
