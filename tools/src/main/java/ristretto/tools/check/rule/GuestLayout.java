package ristretto.tools.check.rule;

import java.util.LinkedHashMap;
import java.util.Map;
import ristretto.tools.board.Region;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.IomemRange;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/**
 * A device that the DomU sees where it has its RAM or something else that xl gives it. The
 * addresses are those of Xen's public header arch-arm.h, GUEST_RAM0_BASE and following.
 */
final class GuestLayout implements Rule {
  private static final long MIB = 1 << 20;
  private static final long RAM_BASE = 0x40000000L;
  private static final long RAM_LIMIT = 3 << 10; // MiB
  private static final long HIGH_RAM_BASE = 0x2_00000000L;
  private static final Map<String, Region> FIXED = new LinkedHashMap<>();

  static {
    FIXED.put("interrupt controller", new Region(0x03000000L, 0x01100000L));
    FIXED.put("grant table", new Region(0x38000000L, 16 * MIB));
    FIXED.put("console and Xenstore pages", new Region(0x39000000L, 16 * MIB));
  }

  @Override
  public String id() {
    return "guest-layout";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      long memory =
          Math.max(config.xl().number("memory").orElse(0), config.xl().number("maxmem").orElse(0));
      Map<String, Region> layout = new LinkedHashMap<>(FIXED);
      layout.put("RAM", new Region(RAM_BASE, Math.min(memory, RAM_LIMIT) * MIB));
      layout.put(
          "RAM above 3 GiB", new Region(HIGH_RAM_BASE, Math.max(0, memory - RAM_LIMIT) * MIB));
      if (config.xl().setting("vuart").isPresent()) {
        layout.put("emulated UART", new Region(0x22000000L, Region.PAGE));
      }
      for (IomemRange range : config.iomem()) {
        layout.forEach((what, region) -> check(config, range, what, region, findings));
      }
    }
  }

  private void check(
      DomuConfig config, IomemRange range, String what, Region region, Findings findings) {
    if (!range.guest().overlaps(region)) {
      return;
    }
    long limit = (range.guest().base() - RAM_BASE) / MIB;
    boolean ram = what.equals("RAM");
    findings.add(
        this,
        range.text().at(0),
        "the DomU would see these registers at "
            + range.guest()
            + ", where it has its "
            + what
            + " ("
            + region
            + ")",
        ram && limit > 0
            ? "at most memory = "
                + limit
                + ", in line "
                + config.place("maxmem", "memory").line()
                + "; or map them elsewhere with @GFN, and write that address into the partial"
                + " device tree"
            : "map them elsewhere with @GFN, and write that address into the partial device tree");
  }
}
