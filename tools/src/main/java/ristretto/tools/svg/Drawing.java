package ristretto.tools.svg;

/** A picture in SVG, from top to bottom: its height is known when all is drawn. */
public final class Drawing {
  private final StringBuilder elements = new StringBuilder();
  private final int width;
  private final String fonts;
  private final int fontSize;

  /**
   * Nothing yet, on white.
   *
   * @param width in pixels, as all lengths
   * @param fonts of the words that name none
   * @param fontSize of the words that name none
   */
  public Drawing(int width, String fonts, int fontSize) {
    this.width = width;
    this.fonts = fonts;
    this.fontSize = fontSize;
  }

  /** Draws on top of what is there. */
  public void add(String element) {
    elements.append(element).append('\n');
  }

  /** Words as they stand in an element, where XML has no control characters at all. */
  public static String escaped(String words) {
    return words
        .replaceAll("[\\x00-\\x1f]", "?")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  /** The file's content; the same elements give the same bytes. */
  public String document(int height) {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
    font-family="%3$s" font-size="%4$d">
    <rect width="%1$d" height="%2$d" fill="#ffffff"/>
    """
            .formatted(width, height, fonts, fontSize)
        + elements
        + "</svg>\n";
  }
}
