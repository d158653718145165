package ristretto.tools.check;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.board.Region;
import ristretto.tools.xl.XlValue;

/**
 * An item of `iomem`, xl.cfg(5): START,COUNT[@GFN], pages in hexadecimal, with 0x or without.
 *
 * @param start the first page as it is written
 * @param count pages as they are written
 * @param machine physical addresses
 * @param guest where the DomU sees them; the same addresses unless @GFN says otherwise
 */
public record IomemRange(
    XlValue.Text text, String start, String count, Region machine, Region guest) {
  /** Arm addresses end at 52 bits. */
  private static final long PAGES = 1L << (52 - 12);

  private static final Pattern FORM =
      Pattern.compile(
          "(?:0[xX])?([0-9a-fA-F]{1,13}),(?:0[xX])?([0-9a-fA-F]{1,13})(?:@(?:0[xX])?([0-9a-fA-F]{1,13}))?");

  /** Reads an item; empty where xl would refuse it. */
  static Optional<IomemRange> of(XlValue.Text text) {
    Matcher matcher = FORM.matcher(text.text());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long start = Long.parseLong(matcher.group(1), 16);
    long count = Long.parseLong(matcher.group(2), 16);
    long guest = matcher.group(3) == null ? start : Long.parseLong(matcher.group(3), 16);
    if (start + count > PAGES || guest + count > PAGES) {
      return Optional.empty();
    }
    String[] written = text.text().split("[,@]");
    return Optional.of(
        new IomemRange(text, written[0], written[1], pages(start, count), pages(guest, count)));
  }

  private static Region pages(long first, long count) {
    return new Region(first * Region.PAGE, count * Region.PAGE);
  }

  /** The page that it begins with: what it is about, should its count be wrong. */
  public Region firstPage() {
    return new Region(machine.base(), Region.PAGE);
  }

  /** Pages that it covers. */
  public long pages() {
    return machine.size() / Region.PAGE;
  }

  /** An item for a range of addresses, as one writes it. */
  public static String write(Region region) {
    Region pages = region.pages();
    return "0x"
        + Long.toHexString(pages.base() / Region.PAGE)
        + ",0x"
        + Long.toHexString(pages.size() / Region.PAGE);
  }
}
