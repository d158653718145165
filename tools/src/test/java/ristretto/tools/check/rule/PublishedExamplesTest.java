package ristretto.tools.check.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.board.Board;
import ristretto.tools.check.Finding;
import ristretto.tools.check.Subject;

/**
 * The mistakes of published examples for Agilex boards, each by itself in files of our own: what is
 * said of it, where, and what to write instead. The files are those of Altera's overview of Xen and
 * of its xen-passthrough-examples, by their defects, not by their words.
 */
class PublishedExamplesTest {
  private static final String SCRIPT =
      """
      load mmc 0:1 0x8a000000 xen
      load mmc 0:1 0x88000000 devicetree/board.dtb
      fdt addr 0x88000000
      fdt resize
      fdt rm /soc@0/eccmgr
      fdt set /chosen xen,xen-bootargs "console=dtuart dom0_mem=2048M hmp-unsafe=true OPTION dom0_vcpus_pin"
      fdt set /chosen xen,dom0-bootargs "console=hvc0 root=/dev/mmcblk0p2 rw rootwait"
      load mmc 0:1 0x83000000 Image
      fdt mknod /chosen dom0
      fdt set /chosen/dom0 compatible "multiboot,kernel" "multiboot,module"
      fdt set /chosen/dom0 reg <0x83000000 0x${filesize}>
      LINE
      booti 0x8a000000 - 0x88000000
      """;

  @TempDir private Path directory;

  private List<Finding> check(String board, String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    Subject subject = new Subject(Board.named(board));
    subject.add(file);
    return Rules.check(subject);
  }

  private void finds(String board, String name, String text, String place, String fix)
      throws IOException {
    List<Finding> findings = check(board, name, text);
    assertEquals(1, findings.size(), findings.toString());
    Finding finding = findings.getFirst();
    String found =
        finding.position().line() + ":" + finding.position().column() + " " + finding.rule();
    assertEquals(place, found, finding.problem());
    assertTrue(finding.fix().contains(fix), finding.fix());
  }

  private static String script(String option, String line) {
    return SCRIPT.replace("OPTION", option).replace("LINE", line);
  }

  private static String config(String board, String iomem, String irqs, String more) {
    return """
    name = "DomU1"
    kernel = "/boot/Image"
    memory = 650
    %s%s
    iomem = [ %s ]
    irqs = [ %s ]
    """
        .formatted(board.equals("agilex7") ? "" : "cpus = \"2-3\"\n", more, iomem, irqs);
  }

  @Test
  void nothingIsSaidOfTheRest() throws IOException {
    assertEquals(List.of(), check("agilex5", "a.cmd", script("loglvl=all", "")));
    String flash = config("agilex5", "\"0x108d2,1\", \"0x10900,100\"", "35", "");
    assertEquals(List.of(), check("agilex5", "a.cfg", flash), "the published QSPI example");
    String usb = "dtdev = [ \"/soc@0/usb1@11000000\" ]";
    usb = config("agilex5", "\"0x11000,100\"", "126", usb);
    assertEquals(List.of(), check("agilex5", "b.cfg", usb), "the published USB example");
    usb = config("agilex7", "\"0xffb00,40\"", "125", "dtdev = [ \"/soc/usb@ffb00000\" ]");
    assertEquals(List.of(), check("agilex7", "c.cfg", usb), "that of Agilex 7");
  }

  @Test
  void ramdiskThatIsDeclaredAndNeverLoaded() throws IOException {
    String line = "fdt mknod /chosen dom1\nfdt set /chosen/dom1 reg <0x8b000000 0x08000000>";
    finds(
        "agilex5",
        "a.cmd",
        script("loglvl=all", line),
        "13:26 unloaded-module",
        "load a file there and write its size as 0x${filesize}, or remove /chosen/dom1");
    String problem = check("agilex5", "a.cmd", script("loglvl=all", line)).getFirst().problem();
    assertTrue(problem.contains("declares 128 MiB at 0x8b000000"), problem);
  }

  @Test
  void optionThatXenDoesNotHave() throws IOException {
    finds("agilex5", "a.cmd", script("log_level=debug", ""), "6:81 boot-option", "write loglvl");
  }

  @Test
  void blankInAPath() throws IOException {
    finds(
        "agilex5",
        "a.cmd",
        script("loglvl=all", "fdt set /soc@0/ ethernet@10830000 xen,passthrough"),
        "12:9 unknown-path",
        "write fdt set /soc@0/ethernet@10830000 xen,passthrough");
  }

  private static String ethernet(String iomem, String irqs) {
    return config("agilex5", iomem, irqs, "dtdev = [ \"/soc@0/ethernet@10830000\" ]");
  }

  @Test
  void receiveQueueWithoutItsInterrupt() throws IOException {
    String irqs = "256, 257, 258, 259, 260, 261, 262, 263, 264, 265, 267, 268, 269, 270, 271, 272";
    finds(
        "agilex5",
        "a.cfg",
        ethernet("\"0x10830,4\"", irqs),
        "7:1 missing-interrupt",
        "add to irqs: 266");
  }

  @Test
  void wholePageOfTheSystemManager() throws IOException {
    String irqs =
        "256, 257, 258, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272";
    finds(
        "agilex5",
        "a.cfg",
        ethernet("\"0x10830,4\", \"0x10d12,1\"", irqs),
        "6:25 control-registers",
        "remove this item");
    String older = "dtdev = [ \"/soc/ethernet@ff800000\" ]";
    finds(
        "agilex7",
        "b.cfg",
        config("agilex7", "\"0xff800,2\", \"0xffd12,1\"", "122", older),
        "5:25 control-registers",
        "remove this item");
  }

  @Test
  void pageWithADigitTooMany() throws IOException {
    finds(
        "agilex5",
        "a.cfg",
        config("agilex5", "\"0x108d20000,1\", \"0x108d2,1\", \"0x10900,100\"", "35", ""),
        "6:12 iomem-page",
        "write \"0x108d2,0x1\" for /soc@0/spi@108d2000");
  }

  @Test
  void countThatIsMeantAsADecimalNumber() throws IOException {
    finds(
        "agilex5",
        "a.cfg",
        config("agilex5", "\"0x108d2,1\", \"0x10900,256\"", "35", ""),
        "6:33 iomem-count",
        "write \"0x10900,0x100\"");
  }

  @Test
  void interruptByItsNumberAmongTheSpis() throws IOException {
    finds(
        "agilex5",
        "a.cfg",
        config("agilex5", "\"0x108d2,1\", \"0x10900,100\"", "3", ""),
        "7:10 spi-number",
        "write 35");
  }

  @Test
  void cardWithTheNameOfEthernet() throws IOException {
    String card = "dtdev = [ \"/soc/ethernet@ff808000\", \"/soc/mmc@ff808000\" ]";
    List<Finding> findings =
        check("agilex7", "a.cfg", config("agilex7", "\"0xff808,1\"", "128", card));
    assertEquals(
        List.of("root-device", "unknown-path"), findings.stream().map(Finding::rule).toList());
    assertEquals("write /soc@0/mmc@ff808000", findings.getLast().fix());
  }

  @Test
  void cardThatHasDom0sRoot() throws IOException {
    String card = "dtdev = [ \"/soc/mmc@ff808000\" ]";
    finds(
        "agilex7",
        "a.cfg",
        config("agilex7", "\"0xff808,1\"", "128", card),
        "4:1 root-device",
        "keep it for Dom0");
  }

  @Test
  void guestsRamWhereItsDeviceIs() throws IOException {
    String large =
        config("agilex7", "\"0xff8d2,1\", \"0xff900,100\"", "35", "").replace("650", "3072");
    List<Finding> findings = check("agilex7", "a.cfg", large);
    assertEquals(
        List.of("guest-layout", "guest-layout"), findings.stream().map(Finding::rule).toList());
    assertTrue(findings.getFirst().fix().startsWith("at most memory = 3064, in line 3; "));
  }

  @Test
  void vcpusThatMayRunOnEveryKindOfCpu() throws IOException {
    String free =
        config("agilex5", "\"0x108d2,1\", \"0x10900,100\"", "35", "").replace("cpus = \"2-3\"", "");
    finds("agilex5", "a.cfg", free, "1:1 core-types", "write cpus = \"0-1\" or \"2-3\"");
  }

  @Test
  void filesOnTopOfEachOther() throws IOException {
    Files.write(directory.resolve("Image"), new byte[8 << 20]);
    String close = script("loglvl=all", "").replace("0x8a000000", "0x83400000");
    finds("agilex5", "a.cmd", close, "11:26 load-overlap", "load one of them elsewhere");
  }
}
