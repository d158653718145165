package ristretto.tools.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import ristretto.tools.board.Board;
import ristretto.tools.check.Subject;

/** Who owns what, as text and as a picture. */
class MapTest {
  @TempDir private Path directory;
  private Subject subject;

  @BeforeEach
  void read() throws IOException {
    subject = new Subject(Board.named("agilex5"));
    add(
        "flash.cfg",
        """
        name = "flash"
        memory = 1024
        cpus = "2-3"
        iomem = [ "0x108d2,1", "0x10900,100" ]
        irqs = [ 35 ]
        """);
    add(
        "boot.cmd",
        """
        load mmc 0:1 0x83000000 Image
        load mmc 0:1 0x8a000000 xen
        fdt set /soc@0/usb@10b00000 xen,passthrough
        booti 0x8a000000 - 0x88000000
        """);
  }

  private void add(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    subject.add(file);
  }

  @Test
  void saysWhoOwnsWhat() {
    String map = TextMap.of(subject);
    for (String line :
        new String[] {
          "  1  arm,cortex-a55  Dom0",
          "  2  arm,cortex-a76  Dom0, flash",
          "loaded: Image",
          "0x80000000-0x81ffffff    reserved       firmware",
          "  1024 MiB  anywhere in RAM  flash",
          "spi@108d2000",
        }) {
      assertTrue(map.contains(line), () -> line + " in\n" + map);
    }
    assertTrue(map.lines().anyMatch(line -> line.matches(".*loaded: xen +hypervisor")), map);
    assertTrue(map.lines().anyMatch(line -> line.matches(".*spi@108d2000 +35 +flash")), map);
    assertTrue(
        map.lines().anyMatch(line -> line.matches(".*serial@10c02000 +140 +hypervisor")), map);
    assertTrue(map.lines().anyMatch(line -> line.matches(".*usb@10b00000 +125 +nobody: .*")), map);
    assertTrue(
        map.lines().anyMatch(line -> line.matches(".*ethernet@10830000 +256-272 +Dom0")), map);
  }

  /** CPUs that Dom0's pinned vCPUs do not have, files without their folder, no memory twice. */
  @Test
  void knowsWhatTheScriptSaysOfDom0() throws IOException {
    add(
        "xen.cmd",
        """
        load mmc 0:1 0x88000000 devicetree/board.dtb
        fdt set /chosen xen,xen-bootargs "dom0_mem=2048M dom0_max_vcpus=2 dom0_vcpus_pin hmp-unsafe=true"
        """);
    String map = TextMap.of(subject);
    assertTrue(map.contains("  1  arm,cortex-a55  Dom0"), map);
    assertTrue(map.contains("  2  arm,cortex-a76  flash"), map);
    assertTrue(map.contains("loaded: board.dtb"), map);
    assertTrue(map.contains("  2048 MiB  anywhere in RAM  Dom0"), map);
    assertFalse(map.contains("svcbuffer"), map);
  }

  /** Agilex 7's SMMU has 34 interrupts; names may be long. */
  @Test
  void nothingOverlaps() throws IOException {
    subject = new Subject(Board.named("agilex7"));
    String name = "a-domain-with-a-long-name-that-somebody-found-useful";
    add("a.cfg", "name = \"" + name + "\"\niomem = [ \"0xff8d2,1\" ]\n");
    add("b.cmd", "load mmc 0:1 0x3000000 Image-6.12.33-with-a-name-that-is-longer-than-others\n");
    String map = TextMap.of(subject);
    assertTrue(map.contains("  160-161 170-201  hypervisor\n"), map);
    Pattern text = Pattern.compile("<text x=\"(\\d+)\" y=\"(\\d+)\">([^<]*)</text>");
    String picture = SvgMap.of(subject);
    int width = Integer.parseInt(picture.replaceFirst("(?s).*?<svg[^>]* width=\"(\\d+)\".*", "$1"));
    int end = 0;
    String line = "";
    for (MatchResult cell : text.matcher(picture).results().toList()) {
      int x = Integer.parseInt(cell.group(1));
      assertTrue(!line.equals(cell.group(2)) || x >= end, cell.group());
      end = x + 8 * cell.group(3).length();
      assertTrue(end <= width, cell.group());
      line = cell.group(2);
    }
    assertTrue(picture.contains(name), picture);
  }

  @Test
  void thePictureIsWellFormedAndReproducible()
      throws ParserConfigurationException, SAXException, IOException {
    add("odd.cfg", "name = \"<a> & \f\"\nmemory = 16\n");
    String picture = SvgMap.of(subject);
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(picture)));
    assertEquals(picture, SvgMap.of(subject));
    assertTrue(picture.contains(">ethernet@10830000</text>"), picture);
  }
}
