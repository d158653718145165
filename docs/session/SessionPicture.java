import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Draws the README's picture: the lines of a transcript that tell the story, as a terminal in SVG.
 * Lines between them are left out, which one line of dots says; no line is written by hand.
 *
 * <p>{@code java SessionPicture.java TRANSCRIPT > PICTURE}, from docs/session/record.
 */
final class SessionPicture {
  private static final int COLUMNS = 104;
  private static final double CHARACTER = 7.8;
  private static final int LINE = 18;
  private static final int GAP = 15;
  private static final int RAISED = 4;
  private static final int MARGIN = 16;
  private static final int TITLE_BAR = 34;
  private static final String LEFT_OUT = "⋮";

  /** Lines that are shown. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "^\\$ .*|^compiling the .*|^U-Boot 20.*|^Starting kernel.*"
              + "|^\\(XEN\\) (Ristretto|image at|\\*\\*\\*|BANK|Dom0's|Hardware).*"
              + "|.*\\] (Booting Linux on|Linux version|Xen [\\d.]+ support|xen:grant|xen:events"
              + "|smp: Brought up|CPU: All CPU|Run /init|reboot:).*"
              + "|^Dom0 of .*|^root@dom0.*|^Linux \\d.*|^control_d.*|^\\d+$"
              + "|^Parsing config.*|^Name .*|^Domain-0 .*|^domu1 .*");

  private SessionPicture() {}

  public static void main(String[] arguments) throws IOException {
    List<String> lines = select(Files.readAllLines(Path.of(arguments[0])));
    System.out.write(draw(lines).getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  private static List<String> select(List<String> transcript) {
    List<String> chosen = new ArrayList<>();
    for (String line : transcript) {
      if (SHOWN.matcher(line).matches()) {
        chosen.add(line);
      } else if (!line.isBlank() && !chosen.isEmpty() && !chosen.getLast().equals(LEFT_OUT)) {
        chosen.add(LEFT_OUT);
      }
    }
    if (chosen.getLast().equals(LEFT_OUT)) {
      chosen.removeLast();
    }
    return chosen;
  }

  private static String draw(List<String> lines) {
    int width = (int) (COLUMNS * CHARACTER) + 2 * MARGIN;
    int height = TITLE_BAR + lines.stream().mapToInt(SessionPicture::step).sum() + MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
        <title>A session: ./ristretto run, the hypervisor's log, Linux as Dom0, its shell</title>
        <style>
        text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        .x { fill: #7fd4c1; } .k { fill: #a9b1bd; } .o { fill: #e6e9ee; }
        .p { fill: #8fd07a; } .c { fill: #ffffff; font-weight: bold; } .d { fill: #6b7483; }
        </style>
        <rect width="100%%" height="100%%" rx="8" fill="#171b21"/>
        <circle cx="20" cy="17" r="6" fill="#ec6a5e"/><circle cx="40" cy="17" r="6" fill="#f4bf4f"/>
        <circle cx="60" cy="17" r="6" fill="#61c554"/>
        """
            .formatted(width, height, width, height));
    int y = TITLE_BAR + LINE - 4;
    for (String line : lines) {
      int above = line.equals(LEFT_OUT) ? RAISED : 0;
      svg.append("<text x=\"%d\" y=\"%d\">%s</text>\n".formatted(MARGIN, y - above, spans(line)));
      y += step(line);
    }
    return svg.append("</svg>\n").toString();
  }

  private static int step(String line) {
    return line.equals(LEFT_OUT) ? GAP : LINE;
  }

  private static String spans(String line) {
    int prompt = line.startsWith("$ ") ? 2 : line.startsWith("root@dom0") ? line.indexOf("# ") + 2 : 0;
    if (prompt > 1) {
      return span("p", line.substring(0, prompt)) + span("c", line.substring(prompt));
    }
    return span(colour(line), fitted(line));
  }

  private static String colour(String line) {
    if (line.equals(LEFT_OUT)) {
      return "d";
    }
    return line.startsWith("(XEN)") ? "x" : line.startsWith("[") ? "k" : "o";
  }

  private static String fitted(String line) {
    return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 1) + "…";
  }

  private static String span(String style, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    escaped = escaped.replace(' ', '\u00a0'); // viewers differ in what they do with runs of spaces
    return "<tspan class=\"" + style + "\">" + escaped + "</tspan>";
  }
}
