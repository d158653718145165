package ristretto.tools.check;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** Findings as people and as programs read them. */
public final class Report {
  /** Changes when a field changes its meaning or goes away; a new one may come without. */
  private static final int SCHEMA = 1;

  private Report() {}

  /** Two lines each: where and what, and what to write instead; nothing where nothing is wrong. */
  public static String text(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(finding.position())
          .append(": ")
          .append(finding.problem())
          .append(" [")
          .append(finding.rule())
          .append("]\n  fix: ")
          .append(finding.fix())
          .append('\n');
    }
    return text.toString();
  }

  /** One object: docs/check.md, "For programs". */
  public static String json(String board, List<Finding> findings) {
    JsonArray all = new JsonArray();
    for (Finding finding : findings) {
      JsonObject object = new JsonObject();
      object.addProperty("rule", finding.rule());
      object.addProperty("file", finding.position().file());
      object.addProperty("line", finding.position().line());
      object.addProperty("column", finding.position().column());
      object.addProperty("problem", finding.problem());
      object.addProperty("fix", finding.fix());
      all.add(object);
    }
    JsonObject report = new JsonObject();
    report.addProperty("schema", SCHEMA);
    report.addProperty("board", board);
    report.add("findings", all);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(report)
        + "\n";
  }
}
