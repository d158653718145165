package ristretto.tools.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

class KernelModulesTest {
  private static final Path HERE = Path.of("/lib/modules/6");

  private final KernelModules modules =
      new KernelModules(
          HERE,
          List.of(
              "kernel/fs/ext4/ext4.ko.xz: kernel/fs/mbcache.ko.xz kernel/fs/jbd2/jbd2.ko.xz",
              "kernel/fs/jbd2/jbd2.ko.xz: kernel/lib/crc.ko.xz",
              "kernel/fs/mbcache.ko.xz:",
              "kernel/lib/crc.ko.xz:"),
          List.of("kernel/drivers/virtio/virtio_pci.ko"));

  @Test
  void putsEachModuleAfterWhatItNeeds() {
    assertEquals(
        List.of(
            HERE.resolve("kernel/fs/mbcache.ko.xz"),
            HERE.resolve("kernel/lib/crc.ko.xz"),
            HERE.resolve("kernel/fs/jbd2/jbd2.ko.xz"),
            HERE.resolve("kernel/fs/ext4/ext4.ko.xz")),
        modules.loadOrder(List.of("ext4", "mbcache")));
  }

  @Test
  void needsNoFileForWhatIsBuiltIn() {
    assertTrue(modules.loadOrder(List.of("virtio_pci")).isEmpty());
  }

  @Test
  void namesAModuleThatTheKernelLacks() {
    ToolException missing =
        assertThrows(ToolException.class, () -> modules.loadOrder(List.of("virtio_blk")));
    assertTrue(missing.toString().contains("virtio_blk"));
  }

  @Test
  void knowsWhatTheKernelHas() {
    assertTrue(modules.has("jbd2"));
    assertTrue(modules.has("virtio_pci"));
    assertFalse(modules.has("virtio_blk"));
  }

  @Test
  void takesDashesForUnderscores() {
    assertEquals("xen_evtchn", KernelModules.name("kernel/drivers/xen/xen-evtchn.ko.xz"));
  }
}
