package ristretto.tools.uboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BootScriptsTest {
  private final BootScripts scripts =
      new BootScripts(new LoadAddresses(0x1000, 0x2000, 0x3000, 0x4000, 0x5000), "4.17");

  @Test
  void xenScriptDescribesBothModules() {
    String script = scripts.xenScript();
    assertTrue(script.contains("fdt set /chosen/dom0 reg <0x0 0x3000 0x0 0x${filesize}>"));
    assertTrue(script.contains("fdt set /chosen/dom1 reg <0x0 0x4000 0x0 0x${filesize}>"));
    assertTrue(script.contains("\"multiboot,kernel\" \"multiboot,module\""));
    assertTrue(script.contains("\"multiboot,ramdisk\" \"multiboot,module\""));
    assertTrue(script.contains(" xen-version=4.17 "));
    assertTrue(script.endsWith("booti 0x2000 - 0x1000\n"));
  }

  @Test
  void xenScriptMarksDevicesForDomUs() {
    assertTrue(scripts.xenScript().contains("fdt set ${node} xen,passthrough;"));
    assertFalse(scripts.nativeScript().contains("passthrough"));
  }

  @Test
  void xenScriptProtectsTheHashSign() {
    // An unprotected # starts a comment in U-Boot's shell.
    assertTrue(scripts.xenScript().contains("/chosen \\#address-cells <2>"));
  }

  @Test
  void nativeScriptKnowsNoHypervisor() {
    String script = scripts.nativeScript();
    assertFalse(script.contains("xen"));
    assertTrue(script.endsWith("booti 0x3000 0x4000:0x${filesize} 0x1000\n"));
  }

  @Test
  void noPlaceholderIsLeft() {
    String both = scripts.nativeScript() + scripts.xenScript();
    assertFalse(both.contains("DEVICE_TREE"));
    assertFalse(both.contains("KERNEL"));
    assertFalse(both.contains("RAMDISK"));
    assertFalse(both.contains("HYPERVISOR"));
    assertFalse(both.contains("RELEASE"));
    assertEquals(0, both.lines().filter(line -> line.length() > 500).count());
  }
}
