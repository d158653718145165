package ristretto.tools.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import ristretto.tools.host.ToolException;

/**
 * What the tests of all modules came to, read from the reports that Surefire leaves.
 *
 * @param failed failures and errors
 */
record TestReports(int passed, int failed, int skipped) {
  private static final String FOLDER = "target/surefire-reports";

  /** Reads the reports of all modules. */
  static TestReports read(Path home) {
    TestReports sum = new TestReports(0, 0, 0);
    for (Path report : files(home)) {
      sum = sum.plus(readSuite(report));
    }
    return sum;
  }

  /** Removes the reports of earlier runs. */
  static void clear(Path home) {
    try {
      for (Path report : files(home)) {
        Files.delete(report);
      }
    } catch (IOException e) {
      throw new ToolException("cannot remove old test reports", e);
    }
  }

  TestReports plus(TestReports more) {
    return new TestReports(passed + more.passed, failed + more.failed, skipped + more.skipped);
  }

  /**
   * Where nothing ran, nothing was shown.
   *
   * @param pattern what was asked for
   */
  void requireSome(String pattern) {
    if (passed + failed + skipped == 0) {
      throw new ToolException(
          "no test matches '" + pattern + "'",
          "give names of classes, with * in them, separated by commas; after # a method's");
    }
  }

  /** The closing line of a test run. */
  String closingLine() {
    String line = passed + " passed, " + failed + " failed";
    return skipped == 0 ? line : line + ", " + skipped + " skipped";
  }

  private static List<Path> files(Path home) {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(home)) {
      for (Path folder : modules.map(module -> module.resolve(FOLDER)).toList()) {
        if (Files.isDirectory(folder)) {
          try (Stream<Path> reports = Files.list(folder)) {
            reports
                .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                .forEach(found::add);
          }
        }
      }
    } catch (IOException e) {
      throw new ToolException("cannot read the test reports in " + home, e);
    }
    return found;
  }

  private static TestReports readSuite(Path report) {
    try (InputStream in = Files.newInputStream(report)) {
      return readSuite(in);
    } catch (IOException | XMLStreamException e) {
      throw new ToolException("cannot read " + report, e);
    }
  }

  static TestReports readSuite(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XMLStreamReader xml = factory.createXMLStreamReader(in);
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamReader.START_ELEMENT && xml.getLocalName().equals("testsuite")) {
        int failed = number(xml, "failures") + number(xml, "errors");
        int skipped = number(xml, "skipped");
        return new TestReports(number(xml, "tests") - failed - skipped, failed, skipped);
      }
    }
    return new TestReports(0, 0, 0);
  }

  private static int number(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    return value == null ? 0 : Integer.parseInt(value);
  }
}
