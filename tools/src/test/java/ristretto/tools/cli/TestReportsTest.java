package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.ToolException;

class TestReportsTest {
  private static final String SUITE =
      "<?xml version=\"1.0\"?><testsuite name=\"a\" tests=\"7\" errors=\"1\" skipped=\"2\""
          + " failures=\"1\"><testcase/></testsuite>";

  @Test
  void countsErrorsAsFailures() throws XMLStreamException {
    TestReports reports =
        TestReports.readSuite(new ByteArrayInputStream(SUITE.getBytes(StandardCharsets.UTF_8)));
    assertEquals(new TestReports(3, 2, 2), reports);
    assertEquals("3 passed, 2 failed, 2 skipped", reports.closingLine());
  }

  @Test
  void leavesOutThatNothingWasSkipped() {
    assertEquals("1 passed, 0 failed", new TestReports(1, 0, 0).closingLine());
  }

  @Test
  void aPatternThatMatchesNothingIsAnError() {
    new TestReports(0, 0, 1).requireSome("BootTest");
    ToolException e =
        assertThrows(ToolException.class, () -> new TestReports(0, 0, 0).requireSome("A+B#method"));
    assertTrue(e.toString().contains("no test matches 'A+B#method'\n"), e.toString());
  }

  @Test
  void addsUpTheModulesAndForgetsEarlierRuns(@TempDir Path home) throws IOException {
    for (String module : new String[] {"one", "two"}) {
      Path folder = Files.createDirectories(home.resolve(module + "/target/surefire-reports"));
      Files.writeString(folder.resolve("TEST-" + module + ".xml"), SUITE);
      Files.writeString(folder.resolve("other.txt"), "");
    }
    assertEquals(new TestReports(6, 4, 4), TestReports.read(home));
    TestReports.clear(home);
    assertEquals(new TestReports(0, 0, 0), TestReports.read(home));
  }
}
