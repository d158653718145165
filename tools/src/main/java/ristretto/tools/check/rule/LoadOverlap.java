package ristretto.tools.check.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import ristretto.tools.board.Region;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootModule;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.Load;
import ristretto.tools.script.Word;
import ristretto.tools.source.Position;

/** Files that are loaded over one another, over memory of the firmware, or where no RAM is. */
final class LoadOverlap implements Rule {
  private record Area(String what, Region region, Position position) {}

  @Override
  public String id() {
    return "load-overlap";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (BootScript script : subject.scripts()) {
      for (Word.Part word : script.noAddresses()) {
        findings.add(
            this,
            word.position(),
            "'"
                + word.text()
                + "' is no address: U-Boot takes what is hexadecimal at its beginning",
            "write a number of at most 16 hexadecimal digits");
      }
      List<Area> areas = areas(script);
      for (int i = 0; i < areas.size(); i++) {
        checkPlace(subject, areas.get(i), findings);
        for (int j = 0; j < i; j++) {
          checkPair(areas.get(j), areas.get(i), findings);
        }
      }
    }
  }

  /** What has to be there when the hypervisor starts. Of an unknown size the first byte counts. */
  private static List<Area> areas(BootScript script) {
    List<Area> areas = new ArrayList<>();
    for (Load load : script.booted()) {
      areas.add(area(load.file(), load.address(), load.size(), load.position()));
    }
    for (BootModule module : script.modules()) {
      String file =
          script.loads().stream()
              .filter(load -> load.address() == module.address())
              .map(Load::file)
              .findFirst()
              .orElse(module.node());
      areas.add(area(file, module.address(), module.size(), module.position()));
    }
    return areas;
  }

  private static Area area(String what, long address, OptionalLong size, Position position) {
    return new Area(what, new Region(address, Math.max(1, size.orElse(1))), position);
  }

  private void checkPair(Area first, Area second, Findings findings) {
    if (first.region().overlaps(second.region())) {
      findings.add(
          this,
          second.position(),
          second.what()
              + " ("
              + second.region()
              + ") overlaps "
              + first.what()
              + " ("
              + first.region()
              + ", line "
              + first.position().line()
              + ")",
          "load one of them elsewhere, for instance to 0x"
              + Long.toHexString(roundedUp(Math.max(first.region().end(), second.region().end()))));
    }
  }

  private void checkPlace(Subject subject, Area area, Findings findings) {
    List<Region> memory = subject.board().memory();
    List<Region> kept = new ArrayList<>(subject.board().reserved());
    kept.addAll(subject.board().facts().regions("memory.secure"));
    for (Region region : kept) {
      if (region.overlaps(area.region())) {
        findings.add(
            this,
            area.position(),
            area.what()
                + " ("
                + area.region()
                + ") lies in memory that the firmware keeps ("
                + region
                + ")",
            "load it after 0x" + Long.toHexString(region.end()));
        return;
      }
    }
    if (!memory.isEmpty() && memory.stream().noneMatch(region -> region.contains(area.region()))) {
      findings.add(
          this,
          area.position(),
          area.what() + " (" + area.region() + ") is not in the board's RAM",
          "load it between 0x"
              + Long.toHexString(memory.getFirst().base())
              + " and 0x"
              + Long.toHexString(memory.getFirst().end()));
    }
  }

  private static long roundedUp(long address) {
    long step = 2 << 20;
    return (address + step - 1) / step * step;
  }
}
