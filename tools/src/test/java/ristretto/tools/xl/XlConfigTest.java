package ristretto.tools.xl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/** The grammar of xl.cfg(5). */
class XlConfigTest {
  private static XlConfig parse(String text) {
    return XlConfig.parse(Path.of("a.cfg"), text);
  }

  @Test
  void readsEveryKindOfValue() {
    XlConfig config =
        parse(
            """
            # a guest
            name = "guest" ; memory=0x100   # MiB
            extra = 'root=/dev/ram0 "quoted" # no comment'
            vcpus = "2"
            irqs = [ 34,
                     35, # the last one
                   ]
            iomem = []
            iomem += [ "0x9010,1" ]
            iomem += [ '0x9030,1' ]\
            """);
    assertEquals("guest", config.text("name").orElseThrow());
    assertEquals(256, config.number("memory").orElseThrow());
    assertEquals("root=/dev/ram0 \"quoted\" # no comment", config.text("extra").orElseThrow());
    assertEquals(2, config.number("vcpus").orElseThrow());
    assertEquals(2, config.list("irqs").size());
    assertEquals(
        List.of("0x9010,1", "0x9030,1"),
        config.texts("iomem").stream().map(XlValue.Text::text).toList());
  }

  @Test
  void knowsTheirPlaces() {
    XlConfig config = parse("name='a'\n  irqs = [ 34,\n 35 ]\n");
    assertEquals(new Position("a.cfg", 2, 3), config.setting("irqs").orElseThrow().position());
    assertEquals(new Position("a.cfg", 3, 2), config.list("irqs").get(1).position());
  }

  @Test
  void takesALeadingZeroForOctalAsXlDoes() {
    assertEquals(8, parse("memory=010").number("memory").orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1:8 | name = guest",
        "1:8 | name = \"guest",
        "1:6 | name \"guest\"",
        "1:14| memory = 512 M",
        "1:8 | irqs = [ 34, 35",
        "1:13| irqs = [ 34 35 ]",
        "1:16| name = \"guest\" \\",
        "1:1 | = 5",
      })
  void saysWhereItIsWrong(String place, String text) {
    SourceException problem = assertThrows(SourceException.class, () -> parse(text));
    assertEquals("a.cfg:" + place, problem.position().toString(), problem.problem());
  }
}
