package ristretto.tools.check.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.core.domain.FirmwareGroups;
import ristretto.tools.board.Board;
import ristretto.tools.check.Finding;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.host.Project;

/** Each rule with an example that has the defect; files without any pass without a word. */
class RulesTest {
  private static final String GOOD_SCRIPT =
      """
      load mmc 0:1 0x8a000000 xen
      load mmc 0:1 0x88000000 board.dtb
      fdt addr 0x88000000
      fdt resize 0x4000
      fdt rm /soc@0/eccmgr
      fdt set /chosen \\#address-cells <1>
      fdt set /chosen \\#size-cells <1>
      test -n "${more}" || setenv more "loglvl=all no-watchdog"
      fdt set /chosen xen,xen-bootargs "console=dtuart dtuart=serial0 dom0_mem=2048M hmp-unsafe dom0_vcpus_pin ${more} ${xen_bootargs}"
      fdt set /chosen xen,dom0-bootargs "console=hvc0 root=/dev/mmcblk0p2 rw rootwait"
      load mmc 0:1 0x83000000 Image
      fdt mknod /chosen dom0
      fdt set /chosen/dom0 compatible "multiboot,kernel" "multiboot,module"
      fdt set /chosen/dom0 reg <0x83000000 0x${filesize}>
      fdt set /soc@0/spi@108d2000 xen,passthrough
      booti 0x8a000000 - 0x88000000
      """;

  private static final String GOOD_CONFIG =
      """
      name = "flash" # the QSPI flash
      kernel = "/boot/Image"
      memory = 1024
      vcpus = 2
      cpus = "2-3"
      iomem = [ "0x108d2,1", "0x10900,100", ]
      irqs = [ 35 ]
      """;

  private static final String ETHERNET =
      """
      name = "net"
      memory = 650
      cpus = "2-3"
      dtdev = [ "/soc@0/ethernet@10830000" ]
      iomem = [ "0x10830,4" ]
      irqs = [ 256, 257, 258, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272 ]
      """;

  private static final String GOOD_TREE =
      """
      /dts-v1/;
      / {
        #address-cells = <2>;
        #size-cells = <2>;
        passthrough {
          compatible = "simple-bus";
          #address-cells = <2>;
          #size-cells = <2>;
          ranges;
          interrupt-parent = <65000>;
          spi@108d2000 {
            compatible = "intel,socfpga-qspi", "cdns,qspi-nor";
            reg = <0 0x108d2000 0 0x100>, <0 0x10900000 0 0x100000>;
            interrupts = <0 3 4>;
          };
        };
      };
      """;

  @TempDir private Path directory;
  private final List<Path> files = new ArrayList<>();

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    if (!files.contains(file)) {
      files.add(file);
    }
  }

  private List<Finding> check(String board) throws IOException {
    Subject subject = new Subject(Board.named(board));
    for (Path file : files) {
      subject.add(file);
    }
    return Rules.check(subject);
  }

  /** What is found in the files written, as "line:column rule". */
  private List<String> found(String board) throws IOException {
    return check(board).stream()
        .map(finding ->
            finding.position().line() + ":" + finding.position().column() + " " + finding.rule())
        .toList();
  }

  private void finds(String expected) throws IOException {
    List<String> found = found("agilex5");
    assertEquals(List.of(expected), found, () -> files + " " + found);
    files.clear();
  }

  private void config(String from, String to) throws IOException {
    write("a.cfg", replaced(GOOD_CONFIG, from, to));
  }

  private void script(String from, String to) throws IOException {
    write("a.cmd", replaced(GOOD_SCRIPT, from, to));
  }

  private static String replaced(String text, String from, String to) {
    assertTrue(text.contains(from), from);
    return text.replace(from, to);
  }

  @Test
  void saysNothingOfFilesThatAreRight() throws IOException {
    write("a.cmd", GOOD_SCRIPT);
    write("a.cfg", replaced(GOOD_CONFIG, "irqs", "device_tree = \"/root/a.dtb\"\nirqs"));
    write("a.dts", GOOD_TREE);
    assertEquals(List.of(), check("agilex5"));
    files.clear();
    write("b.cfg", ETHERNET);
    assertEquals(List.of(), check("agilex5"));
    files.clear();
    write("c.dts", Files.readString(Project.current().home().resolve("boards/agilex7/board.dts")));
    assertEquals(List.of(), check("agilex7"));
  }

  @Test
  void unknownKey() throws IOException {
    config("memory", "memroy");
    finds("3:1 unknown-key");
  }

  @Test
  void noList() throws IOException {
    config("[ 35 ]", "35");
    finds("7:8 no-list");
    config("[ \"0x108d2,1\", \"0x10900,100\", ]", "\"0x108d2,1\"");
    finds("6:9 no-list");
  }

  @Test
  void iomemPage() throws IOException {
    config("0x108d2,1", "0x108d20000,1");
    assertTrue(found("agilex5").contains("6:12 iomem-page"));
    assertTrue(check("agilex5").toString().contains("\"0x108d2,0x1\" for /soc@0/spi@108d2000"));
    config("0x108d2,1", "0x108d2000,1");
    assertTrue(found("agilex5").contains("6:12 iomem-page"));
    config("0x108d2,1", "108d2 1");
    assertTrue(found("agilex5").contains("6:11 iomem-page"));
  }

  @Test
  void iomemCount() throws IOException {
    config("0x10900,100", "0x10900,256");
    finds("6:33 iomem-count");
    config("0x10900,100", "0x10900,64");
    finds("6:33 iomem-count");
  }

  @Test
  void sharedPage() throws IOException {
    write("a.cfg", "name = \"uart\"\ncpus = \"0\"\niomem = [ \"0x10c02,1\" ]\n");
    finds("3:12 shared-page");
    write("a.cfg", "name = \"gpio\"\ncpus = \"0\"\niomem = [ \"0x10c03,1\" ]\n");
    finds("3:12 shared-page");
  }

  @Test
  void controlRegisters() throws IOException {
    write("a.cfg", replaced(ETHERNET, "\"0x10830,4\"", "\"0x10830,4\", \"0x10d12,1\""));
    finds("5:25 control-registers");
  }

  @Test
  void spiNumber() throws IOException {
    config("35", "3");
    finds("7:10 spi-number");
  }

  @Test
  void missingInterrupt() throws IOException {
    write("a.cfg", replaced(ETHERNET, " 266,", ""));
    finds("6:1 missing-interrupt");
    config("irqs = [ 35 ]", "");
    finds("6:1 missing-interrupt");
  }

  @Test
  void foreignInterrupt() throws IOException {
    config("[ 35 ]", "[ 35, 140 ]");
    finds("7:14 foreign-interrupt");
    config("[ 35 ]", "[ 35, 5, 1020 ]");
    assertEquals(List.of("7:14 foreign-interrupt", "7:17 foreign-interrupt"), found("agilex5"));
    files.clear();
  }

  @Test
  void missingDtdev() throws IOException {
    write("a.cfg", replaced(ETHERNET, "dtdev", "#"));
    finds("5:1 missing-dtdev");
  }

  @Test
  void unknownPath() throws IOException {
    write("a.cfg", replaced(ETHERNET, "[ \"/soc@0/eth", "[ \"/soc@0/usb@11000000\", \"/soc@0/eth"));
    finds("4:11 unknown-path");
    script("fdt set /soc@0/spi", "fdt set /soc@0/ spi");
    finds("15:9 unknown-path");
    script("spi@108d2000", "spi@108d3000");
    finds("15:9 unknown-path");
  }

  @Test
  void rootDevice() throws IOException {
    script("/soc@0/spi@108d2000", "/soc@0/mmc0@10808000");
    finds("15:9 root-device");
    write(
        "a.cfg",
        """
        name = "card"
        cpus = "0-1"
        dtdev = [ "/soc@0/mmc0@10808000" ]
        iomem = [ "0x10808,1" ]
        irqs = [ 128 ]
        """);
    finds("3:1 root-device");
  }

  @Test
  void coreTypes() throws IOException {
    config("cpus = \"2-3\"", "");
    finds("4:1 core-types");
    config("\"2-3\"", "\"all,^0\"");
    finds("5:1 core-types");
    config("\"2-3\"", "[ \"0\", \"3\" ]");
    assertEquals(List.of(), check("agilex5"), "each vCPU stays where it is");
    config("\"2-3\"", "[ \"0-1\", \"2-3\", \"all\" ]");
    assertEquals(List.of(), check("agilex5"), "there is no third vCPU");
    config("\"2-3\"", "[ \"0-1\", \"0-3\" ]");
    finds("5:1 core-types");
    config("\"2-3\"", "[ \"2-3\" ]");
    finds("5:1 core-types");
    script(" dom0_vcpus_pin ${more} ${xen_bootargs}", "");
    finds("9:80 core-types");
    script(" dom0_vcpus_pin ${more} ${xen_bootargs}", " dom0_vcpus_pin=no");
    finds("9:80 core-types");
    config("\"2-3\"", "\"0-3\"");
    for (String off : new String[] {"=no", "=true hmp-unsafe=0", " no-hmp-unsafe"}) {
      script("hmp-unsafe dom0_vcpus_pin ${more} ${xen_bootargs}", "hmp-unsafe" + off);
      assertEquals(List.of(), found("agilex5"), off);
    }
    files.clear();
  }

  @Test
  void guestLayout() throws IOException {
    write(
        "a.cfg",
        """
        name = "usb"
        memory = 3072
        dtdev = [ "/soc@0/usb@ffb00000" ]
        iomem = [ "0xffb00,40" ]
        irqs = [ 125 ]
        """);
    assertEquals(List.of("4:12 guest-layout"), found("agilex7"));
    write("a.cfg", Files.readString(files.getFirst()).replace("3072", "3067"));
    assertEquals(List.of(), found("agilex7"));
  }

  @Test
  void notWithheld() throws IOException {
    write("a.cmd", replaced(GOOD_SCRIPT, "fdt set /soc@0/spi@108d2000 xen,passthrough", ""));
    write("a.cfg", GOOD_CONFIG);
    finds("6:1 not-withheld");
  }

  @Test
  void bootOption() throws IOException {
    script("loglvl=all", "log_level=debug");
    finds("8:35 boot-option");
    script("dom0_mem=", "Dom0_mem=");
    finds("9:65 boot-option");
    script("xen,dom0-bootargs", "xen,Dom0-bootargs");
    finds("10:9 boot-option");
  }

  @Test
  void unloadedModule() throws IOException {
    script(
        "booti",
        """
        fdt mknod /chosen dom1
        fdt set /chosen/dom1 compatible "multiboot,ramdisk" "multiboot,module"
        fdt set /chosen/dom1 reg <0x8b000000 0x8000000>
        booti\
        """);
    finds("18:26 unloaded-module");
  }

  @Test
  void moduleSize() throws IOException {
    script("0x${filesize}", "${filesize}");
    finds("14:26 module-size");
    script(
        "load mmc 0:1 0x83000000 Image",
        "load mmc 0:1 0x83000000 Image\nload mmc 0:1 0x90000000 x");
    finds("15:26 module-size");
  }

  @Test
  void loadOverlap() throws IOException {
    Path kernel = directory.resolve("Image");
    Files.write(kernel, new byte[1 << 20]);
    script("0x8a000000", "0x830ff000");
    assertEquals(List.of("14:26 load-overlap"), found("agilex5"));
    Files.delete(kernel);
    script("0x8a000000", "0x81000000");
    finds("16:7 load-overlap");
    script("0x8a000000", "0x7a000000");
    finds("16:7 load-overlap");
    script("0x88000000 board", "0x8800000O board");
    finds("2:14 load-overlap");
  }

  @Test
  void partialTree() throws IOException {
    write("a.dts", replaced(GOOD_TREE, "interrupt-parent = <65000>;", ""));
    finds("5:15 partial-tree");
    write("a.dts", replaced(GOOD_TREE, "  ranges;", ""));
    finds("5:15 partial-tree");
    String config =
        """
        name = "a"
        cpus = "0"
        device_tree = "a.dtb"
        iomem = [ "0x108d2,1", "0x10900,100" ]
        irqs = [ 35 ]
        """;
    write("a.dts", replaced(GOOD_TREE, "passthrough", "devices"));
    write("a.cfg", config);
    finds("2:3 partial-tree");
    write("a.dts", GOOD_TREE);
    write("a.cfg", replaced(config, ", \"0x10900,100\"", ""));
    finds("11:18 partial-tree");
    write("a.dts", GOOD_TREE);
    write("a.cfg", replaced(config, "\"0x10900,100\"", "\"0x10900,80\", \"0x10900,80\""));
    assertTrue(found("agilex5").contains("11:18 partial-tree"), "half of it, twice");
    write("a.cfg", replaced(config, "\"0x10900,100\"", "\"0x10980,80\", \"0x10900,80\""));
    assertFalse(found("agilex5").contains("11:18 partial-tree"), "both halves");
    files.clear();
  }

  @Test
  void privateInterrupt() throws IOException {
    write("a.dts", replaced(GOOD_TREE, "<0 3 4>", "<0 3 4>, <1 25 4>"));
    finds("14:7 private-interrupt");
  }

  @Test
  void firmwareGroup() throws IOException {
    String all = String.join(",", FirmwareGroups.grantable());
    assertEquals("hwmon,rsu-status,fcs", all);
    config("vcpus = 2", "vcpus = 2; seclabel = \"smc:" + all + "\"");
    assertEquals("[]", found("agilex5").toString());
    config("vcpus = 2", "vcpus = 2; seclabel = \"smc:hwmon,fpga-mgr\"");
    finds("4:34 firmware-group");
    config("vcpus = 2", "vcpus = 2; seclabel = \"smc:hwmom\"");
    assertTrue(check("agilex5").toString().contains("hwmon"));
    finds("4:28 firmware-group");
    config("vcpus = 2", "vcpus = 2; seclabel = \"system_u:system_r:domU_t\"");
    assertEquals("[]", found("agilex5").toString());
  }

  /** A rule that docs/check.md does not explain is of no use, nor is one that is gone. */
  @Test
  void everyRuleIsExplained() throws IOException {
    List<String> explained =
        Files.readAllLines(Project.current().home().resolve("docs/check.md")).stream()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4))
            .toList();
    List<String> rules = Rules.all().stream().map(Rule::id).toList();
    assertEquals(new TreeSet<>(rules), new TreeSet<>(explained));
    assertEquals(rules, explained, "in the same order");
  }
}
