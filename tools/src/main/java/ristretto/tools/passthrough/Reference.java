package ristretto.tools.passthrough;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;

/**
 * What a property points at: a node, and cells that the node's binding explains.
 *
 * @param target the node
 * @param arguments the cells after its phandle
 */
record Reference(Node target, List<Integer> arguments) {
  /** Properties with phandles, and the property of the target that says how many cells follow. */
  private static final Map<String, String> CELLS =
      Map.ofEntries(
          Map.entry("clocks", "#clock-cells"),
          Map.entry("assigned-clocks", "#clock-cells"),
          Map.entry("resets", "#reset-cells"),
          Map.entry("iommus", "#iommu-cells"),
          Map.entry("dmas", "#dma-cells"),
          Map.entry("phys", "#phy-cells"),
          Map.entry("usb-phy", ""),
          Map.entry("power-domains", "#power-domain-cells"),
          Map.entry("mboxes", "#mbox-cells"),
          Map.entry("pwms", "#pwm-cells"),
          Map.entry("io-channels", "#io-channel-cells"),
          Map.entry("memory-region", ""),
          Map.entry("nvmem-cells", ""),
          Map.entry("phy-handle", ""),
          Map.entry("snps,axi-config", ""),
          Map.entry("snps,mtl-rx-config", ""),
          Map.entry("snps,mtl-tx-config", ""));

  /** Whether a property points at nodes. */
  static boolean isReference(Property property) {
    return CELLS.containsKey(property.name())
        || property.name().endsWith("-supply")
        || isGpio(property)
        || isSystemManager(property);
  }

  static boolean isGpio(Property property) {
    String name = property.name();
    return name.equals("gpios") || name.endsWith("-gpios") && !name.endsWith("nr-gpios");
  }

  /** The system manager, an offset and a shift: Linux, altr,socfpga-stmmac.yaml. */
  static boolean isSystemManager(Property property) {
    return property.name().endsWith("sysmgr-syscon");
  }

  /** All that a property points at; cells that lead nowhere end it. */
  static List<Reference> of(DeviceTree tree, Property property) {
    List<Reference> references = new ArrayList<>();
    String cellsName = isGpio(property) ? "#gpio-cells" : CELLS.getOrDefault(property.name(), "");
    int at = 0;
    while (at < property.cellCount()) {
      Optional<Node> target = tree.byPhandle(property.cell(at));
      if (target.isEmpty()) {
        break;
      }
      int cells =
          isSystemManager(property)
              ? property.cellCount() - 1
              : cellsName.isEmpty() ? 0 : target.get().cell(cellsName).orElse(0);
      List<Integer> arguments = new ArrayList<>();
      for (int i = 1; i <= cells && at + i < property.cellCount(); i++) {
        arguments.add(property.cell(at + i));
      }
      references.add(new Reference(target.get(), List.copyOf(arguments)));
      at += 1 + cells;
    }
    return references;
  }
}
