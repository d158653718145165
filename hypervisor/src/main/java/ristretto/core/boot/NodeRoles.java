package ristretto.core.boot;

import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtValues;
import ristretto.lang.BootOnly;

/** Which node of the machine's device tree is whose; decided once for the tree. */
final class NodeRoles {
  /** Devices that isolate others' DMA: whoever has them has the machine. */
  private static final String[] IOMMUS = {
    "arm,smmu-v3",
    "arm,mmu-500",
    "arm,mmu-400",
    "arm,mmu-401",
    "arm,smmu-v1",
    "arm,smmu-v2",
    "qcom,smmu-v2",
    "renesas,ipmmu-vmsa",
  };

  /** Performance counters, which guests cannot reach, and the memory-mapped timer. */
  private static final String[] UNAVAILABLE = {
    "arm,armv8-pmuv3", "arm,cortex-a53-pmu", "arm,cortex-a55-pmu", "arm,cortex-a57-pmu",
    "arm,cortex-a72-pmu", "arm,cortex-a73-pmu", "arm,cortex-a75-pmu", "arm,cortex-a76-pmu",
    "arm,dsu-pmu", "arm,smmu-v3-pmcg", "arm,armv7-timer-mem",
  };

  private final NodeRole[] roles;

  @BootOnly
  NodeRoles(BootInfo info) {
    Fdt tree = info.tree;
    roles = new NodeRole[tree.nodeCount()];
    FdtNode at = tree.root();
    while (at.exists()) {
      NodeRole role = decide(info, at);
      FdtNode end = tree.afterSubtree(at);
      boolean whole = role != NodeRole.DOM0 && role != NodeRole.CHOSEN;
      FdtNode next = whole ? end : tree.next(at);
      int last = next.exists() ? next.index() : roles.length;
      for (int i = at.index(); i < last; i++) {
        roles[i] = role;
      }
      at = next;
    }
  }

  /** The role of {@code node}; everything below a node that is not Dom0's has the same. */
  NodeRole of(FdtNode node) {
    return roles[node.index()];
  }

  @BootOnly
  private static NodeRole decide(BootInfo info, FdtNode node) {
    Fdt tree = info.tree;
    if (node.is(tree.root())) {
      return NodeRole.DOM0;
    }
    if (node.is(info.chosen.node())) {
      return NodeRole.CHOSEN;
    }
    if (node.is(info.gic.node)) {
      return NodeRole.INTERRUPT_CONTROLLER;
    }
    if (node.is(info.timer.node)) {
      return NodeRole.TIMER;
    }
    if (info.uart != null && node.is(info.uart.node)) {
      return NodeRole.OURS;
    }
    FdtNode parent = tree.parent(node);
    if (parent.is(tree.root()) && isReplaced(tree, node)) {
      return NodeRole.REPLACED;
    }
    if (parent.is(info.chosen.node())
        && (Chosen.isModule(tree, node)
            || FdtValues.isCompatible(tree, node, "xen,domain")
            || FdtValues.isCompatible(tree, node, CpuPools.COMPATIBLE))) {
      return NodeRole.REPLACED;
    }
    if (tree.has(node, "xen,passthrough")) {
      return NodeRole.WITHHELD;
    }
    FdtNode psci = info.psci.node;
    if (psci.exists() && node.is(psci)) {
      return NodeRole.REPLACED;
    }
    return isAny(tree, node, IOMMUS) || isAny(tree, node, UNAVAILABLE)
        ? NodeRole.OURS
        : NodeRole.DOM0;
  }

  @BootOnly
  private static boolean isReplaced(Fdt tree, FdtNode node) {
    return FdtValues.string(tree, node, "device_type").is("memory")
        || tree.name(node).is("cpus")
        || tree.name(node).is("hypervisor");
  }

  @BootOnly
  private static boolean isAny(Fdt tree, FdtNode node, String[] compatible) {
    if (!tree.has(node, "compatible")) {
      return false;
    }
    for (int i = 0; i < compatible.length; i++) {
      if (FdtValues.isCompatible(tree, node, compatible[i])) {
        return true;
      }
    }
    return false;
  }
}
