package ristretto.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.Command;

/** boards/qemu against the tree that QEMU makes for the same machine. */
@Tag("qemu")
class QemuTreeTest {
  /** What our tree leaves out: it says so at its head. RAM is as large as one likes. */
  private static final Set<String> LEFT_OUT =
      Set.of("pcie", "virtio_mmio", "flash", "platform-bus", "memory");

  private final DeviceTree ours = Board.named("qemu").tree();
  @TempDir private Path directory;
  private DeviceTree theirs = ours;

  @BeforeEach
  void dump() throws IOException {
    Path file = directory.resolve("virt.dtb");
    String machine = "virt,virtualization=on,gic-version=3,iommu=smmuv3,dumpdtb=" + file;
    Command.of(
            "qemu-system-aarch64",
            "-M",
            machine,
            "-cpu",
            "cortex-a76",
            "-smp",
            "4",
            "-m",
            "4096",
            "-display",
            "none")
        .run();
    theirs = DeviceTree.read(file);
  }

  /** Where it is, what it is, and how it interrupts; phandles differ. */
  private static Map<String, String> essence(DeviceTree tree, Node node) {
    Map<String, String> essence = new TreeMap<>();
    essence.put("compatible", node.compatible().toString());
    essence.put("registers", node.regions().toString());
    essence.put("interrupts", tree.interrupts(node).toString());
    for (Property property : node.properties()) {
      String name = property.name();
      if (name.startsWith("#") || name.endsWith("-names") || name.endsWith("-frequency")) {
        essence.put(name, property.source());
      }
    }
    for (String name : new String[] {"clocks", "gpios"}) {
      Property property = node.property(name);
      if (property != null) {
        Node target = tree.byPhandle(property.cell(0)).orElseThrow();
        essence.put(name, property.cellCount() + " cells, " + target.name());
      }
    }
    return essence;
  }

  @Test
  void saysOfEachNodeWhatQemuSays() {
    for (Node node : ours.nodes().toList()) {
      boolean memory = node.baseName().equals("memory");
      boolean naming = node.name().equals("aliases") || node.name().equals("chosen");
      if (!memory && !naming) {
        Node same = theirs.find(node.path()).orElseThrow(() -> new AssertionError(node.path()));
        assertEquals(essence(theirs, same), essence(ours, node), node.path());
      }
    }
    assertEquals(
        theirs.console().orElseThrow().path(), ours.console().orElseThrow().path(), "console");
  }

  @Test
  void hasEachDeviceThatQemuHas() {
    Set<String> missing =
        theirs
            .nodes()
            .filter(node -> !node.regions().isEmpty() && !LEFT_OUT.contains(node.baseName()))
            .map(Node::path)
            .filter(path -> ours.find(path).isEmpty())
            .collect(Collectors.toSet());
    assertEquals(Set.of(), missing);
    assertTrue(theirs.find("/virtio_mmio@a003e00").isPresent(), "the last transport");
  }
}
