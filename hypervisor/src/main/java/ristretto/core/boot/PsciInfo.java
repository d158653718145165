package ristretto.core.boot;

import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtValues;
import ristretto.fdt.Text;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/** The firmware's PSCI. Linux, Documentation/devicetree/bindings/arm/psci.yaml. */
public final class PsciInfo {
  /** DEN 0022, "CPU_ON", SMC64. */
  private static final long CPU_ON = 0xc400_0003L;

  public final FdtNode node;

  /** Firmware can be asked, by SMC. */
  public final boolean usable;

  /** It has the version 0.2 functions with their fixed numbers. */
  public final boolean standard;

  /** Function number of CPU_ON. */
  public final long cpuOn;

  @BootOnly
  PsciInfo(Fdt tree, Reports reports) {
    FdtNode found = FdtValues.findCompatible(tree, "arm,psci-1.0");
    if (!found.exists()) {
      found = FdtValues.findCompatible(tree, "arm,psci-0.2");
    }
    standard = found.exists();
    node = standard ? found : FdtValues.findCompatible(tree, "arm,psci");
    boolean bySmc = false;
    if (node.exists()) {
      Text method = FdtValues.string(tree, node, "method");
      bySmc = method.is("smc");
      if (!bySmc) {
        BootMessage message = new BootMessage("device tree: ");
        tree.path(message, node).text(": method is not smc but '");
        method.appendTo(message);
        reports.add(message.text("'; other CPUs, power off and reset are out of reach"));
      }
    } else {
      reports.add(
          new BootMessage(
              "device tree: no PSCI: other CPUs, power off and reset are out of reach"));
    }
    usable = bySmc;
    cpuOn = standard || !node.exists() ? CPU_ON : FdtValues.u32(tree, node, "cpu_on", CPU_ON);
  }
}
