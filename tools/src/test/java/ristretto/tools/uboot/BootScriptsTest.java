package ristretto.tools.uboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BootScriptsTest {
  private static final LoadAddresses AT =
      new LoadAddresses(0x1000, 0x2000, 0x8_8000_3000L, 0x4000, 0x5000);

  private final BootScripts qemu = scripts("", true, false, List.of());
  private final BootScripts board =
      scripts("devicetree/b.dtb", false, true, List.of("fdt rm /soc/eccmgr"));

  private static BootScripts scripts(
      String tree, boolean ramdisk, boolean fabric, List<String> edits) {
    return new BootScripts(
        new BootSetup(
            AT,
            "4.17",
            "mmc",
            "/dev/x2",
            "ttyS0",
            tree,
            ramdisk,
            fabric,
            "2048M",
            "maxcpus=4",
            edits,
            tree.isEmpty() ? List.of() : List.of("fdt set /clock f ${f}")));
  }

  @Test
  void xenScriptDescribesBothModules() {
    String script = qemu.xenScript();
    assertTrue(script.contains("fdt set /chosen/dom0 reg <0x8 0x80003000 0x0 0x${filesize}>"));
    assertTrue(script.contains("fdt set /chosen/dom1 reg <0x0 0x4000 0x0 0x${filesize}>"));
    assertTrue(script.contains("\"multiboot,kernel\" \"multiboot,module\""));
    assertTrue(script.contains("\"multiboot,ramdisk\" \"multiboot,module\""));
    assertTrue(script.contains(" xen-version=4.17 maxcpus=4 ${xen_bootargs}\""));
    assertTrue(script.contains("setenv boot_xen booti 0x2000 - 0x1000\n"));
    assertTrue(script.endsWith("else run boot_xen; fi\n"));
  }

  /** The published script declares a ramdisk that it does not load. */
  @Test
  void nothingIsDeclaredThatIsNotLoaded() {
    assertFalse(board.xenScript().contains("ramdisk"));
    assertTrue(board.nativeScript().endsWith("booti 0x880003000 - 0x1000; fi\n"));
  }

  @Test
  void whatIsNotThereStopsTheBoot() {
    for (String script : List.of(qemu.xenScript(), board.xenScript(), board.nativeScript())) {
      assertTrue(script.lines().anyMatch(line -> line.startsWith("load ")));
      assertTrue(
          script
              .lines()
              .filter(line -> line.startsWith("load "))
              .allMatch(line -> line.contains(" || setenv missing \"${missing} ")));
      assertTrue(script.contains("if test -n \"${missing}\"; then echo Not started"));
    }
  }

  @Test
  void theFabricIsConfiguredBeforeTheTreeIsUsed() {
    String script = board.xenScript();
    assertTrue(script.contains(" 0x5000 core.rbf || "));
    assertTrue(script.contains("fpga load 0 0x5000 ${filesize} || setenv missing"));
    assertTrue(script.indexOf("bridge enable") < script.indexOf("fdt addr"));
    assertFalse(qemu.xenScript().contains("fpga"));
  }

  @Test
  void theTreeIsTheCardsOrTheFirmwares() {
    assertTrue(board.nativeScript().contains(" 0x1000 devicetree/b.dtb || "));
    assertTrue(qemu.nativeScript().contains("fdt move ${fdt_addr} 0x1000 0x100000"));
    assertTrue(board.xenScript().contains("\nfdt rm /soc/eccmgr\n"));
    assertFalse(board.nativeScript().contains("eccmgr"));
  }

  /** It counts without a hypervisor, too. */
  @Test
  void whatOnlyUBootKnowsGoesIntoTheTree() {
    for (String script : List.of(board.xenScript(), board.nativeScript())) {
      assertTrue(script.contains("fdt addr 0x1000\nfdt set /clock f ${f}\n"), script);
    }
    assertFalse(qemu.xenScript().contains("/clock"));
  }

  @Test
  void xenScriptMarksDevicesForDomUs() {
    assertTrue(qemu.xenScript().contains("fdt set ${node} xen,passthrough;"));
    assertFalse(qemu.nativeScript().contains("passthrough"));
  }

  @Test
  void xenScriptProtectsTheHashSign() {
    // An unprotected # starts a comment in U-Boot's shell.
    assertTrue(qemu.xenScript().contains("/chosen \\#address-cells <2>"));
  }

  @Test
  void nativeScriptKnowsNoHypervisor() {
    String script = qemu.nativeScript();
    assertFalse(script.contains("xen"));
    assertTrue(script.endsWith("booti 0x880003000 0x4000:0x${filesize} 0x1000; fi\n"));
  }

  @Test
  void linesAreShorterThanUBootsBuffer() {
    String both = qemu.nativeScript() + board.xenScript();
    assertEquals(0, both.lines().filter(line -> line.length() > 500).count());
  }
}
