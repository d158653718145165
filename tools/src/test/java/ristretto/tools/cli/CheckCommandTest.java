package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What check and passthrough print, and their exit status. */
class CheckCommandTest {
  @TempDir private Path directory;
  private int status;

  private String run(String... words) {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      status = Main.commandLine().execute(words);
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  private String config(String text) throws IOException {
    Path file = directory.resolve("a.cfg");
    Files.writeString(file, text);
    return file.toString();
  }

  @Test
  void namesFileLineColumnAndFix() throws IOException {
    String file = config("name = \"a\"\nmemroy = 1024\n");
    assertEquals(
        file
            + ":2:1: xl has no key 'memroy' and ignores this line without a word [unknown-key]\n"
            + "  fix: write memory\n",
        run("check", "--board", "qemu", file));
    assertEquals(1, status);
  }

  @Test
  void saysNothingOfAFileThatIsRight() throws IOException {
    assertEquals("", run("check", "--board", "qemu", config("name = \"a\"\nmemory = 128\n")));
    assertEquals(0, status);
  }

  @Test
  void saysWhereAFileCannotBeRead() throws IOException {
    String file = config("name = a\n");
    assertTrue(run("check", "--board", "qemu", file).startsWith(file + ":1:8: "));
    assertEquals(2, status);
    String missing = directory.resolve("no.cfg").toString();
    assertTrue(
        run("check", "--board", "qemu", missing).startsWith(missing + ": there is no such file"));
    assertEquals(2, status);
    run("check", "--board", "nothing", file);
    assertEquals(2, status);
  }

  @Test
  void printsJson() throws IOException {
    String file = config("memroy = 1\n");
    JsonObject report =
        JsonParser.parseString(run("check", "--json", "--board", "qemu", file)).getAsJsonObject();
    assertEquals(1, report.get("schema").getAsInt());
    JsonObject finding = report.getAsJsonArray("findings").get(0).getAsJsonObject();
    assertEquals("unknown-key", finding.get("rule").getAsString());
    assertEquals(file, finding.get("file").getAsString());
    assertEquals(1, finding.get("line").getAsInt());
  }

  /** The schema of docs/check.md, for files that cannot be read, too. */
  @Test
  void jsonHasTheFieldsOfItsSchema() throws IOException {
    String missing = directory.resolve("no.cfg").toString();
    for (String file : new String[] {config("memroy = 1\n"), config("memory = \n"), missing}) {
      JsonObject report =
          JsonParser.parseString(run("check", "--json", "--board", "qemu", file)).getAsJsonObject();
      assertEquals(Set.of("schema", "board", "findings"), report.keySet());
      assertEquals("qemu", report.get("board").getAsString());
      JsonObject finding = report.getAsJsonArray("findings").get(0).getAsJsonObject();
      assertEquals(
          Set.of("rule", "file", "line", "column", "problem", "fix"), finding.keySet(), file);
    }
    assertEquals(
        "[]",
        JsonParser.parseString(run("check", "--json", "--board", "qemu", config("name = \"a\"\n")))
            .getAsJsonObject()
            .get("findings")
            .toString());
  }

  @Test
  void whatPassthroughWritesPassesCheck() {
    String name = directory.resolve("flash").toString();
    run("passthrough", "/soc@0/spi@108d2000", "--board", "agilex5", "--output", name);
    assertEquals(0, status);
    assertEquals("", run("check", "--board", "agilex5", name + ".dts", name + ".cmd"));
    assertEquals(0, status);
  }
}
