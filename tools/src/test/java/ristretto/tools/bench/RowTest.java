package ristretto.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.Project;

class RowTest {
  private static final Pattern BAR = Pattern.compile("(?m)^\\| (.+) \\| (\\d+) \\|$");

  @Test
  void barsAreThoseOfTheDocument() throws IOException {
    String document = Files.readString(Project.current().home().resolve("docs/bars.md"));
    List<String> written =
        BAR.matcher(document).results().map(row -> row.group(1) + ": " + row.group(2)).toList();
    List<String> held =
        Arrays.stream(Row.values())
            .filter(row -> row.bar(OptionalDouble.empty()).isPresent())
            .map(row -> row.label() + ": " + (int) row.bar(OptionalDouble.empty()).orElseThrow())
            .toList();
    assertEquals(held, written);
  }
}
