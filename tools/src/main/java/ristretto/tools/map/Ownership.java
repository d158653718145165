package ristretto.tools.map;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ristretto.tools.board.Board;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootOptions;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.Load;
import ristretto.tools.script.Word;

/** Who owns what of a board, as configurations and boot scripts have it. */
public final class Ownership {
  static final String HYPERVISOR = "hypervisor";
  static final String FIRMWARE = "firmware";
  static final String DOM0 = "Dom0";
  static final String KEPT = "nobody: kept from Dom0";
  static final String UNUSED = "nobody";
  static final String SHARED = "Dom0 and DomUs";
  private static final String DOM0_MEMORY = "dom0_mem=";
  private static final long MIB = 1 << 20;

  private final Subject subject;
  private final Board board;

  private Ownership(Subject subject) {
    this.subject = subject;
    this.board = subject.board();
  }

  /** The board's name, and what it has. */
  static String title(Subject subject) {
    return subject.board().name() + ": " + subject.board().facts().name();
  }

  /** CPUs, RAM, DomUs' memory, devices. Sections without anything are left out. */
  static List<Section> of(Subject subject) {
    Ownership ownership = new Ownership(subject);
    return Stream.of(
            new Section("CPUs", ownership.cpus()),
            new Section("RAM", ownership.memory()),
            new Section("Memory of domains", ownership.domainMemory()),
            new Section("Devices", ownership.devices()))
        .filter(section -> !section.rows().isEmpty())
        .toList();
  }

  private List<Row> cpus() {
    List<Row> rows = new ArrayList<>();
    List<String> models = board.cpus();
    for (int i = 0; i < models.size(); i++) {
      int cpu = i;
      Stream<String> guests =
          subject.configs().stream()
              .filter(config -> config.cpus(models.size()).contains(cpu))
              .map(Ownership::name);
      String users =
          Stream.concat(dom0Runs(cpu) ? Stream.of(DOM0) : Stream.empty(), guests)
              .collect(Collectors.joining(", "));
      rows.add(new Row(Integer.toString(i), models.get(i), "", users.isEmpty() ? UNUSED : users));
    }
    return rows;
  }

  /** Pinned vCPUs have the CPUs of their numbers: xen-command-line, "dom0_vcpus_pin". */
  private boolean dom0Runs(int cpu) {
    for (BootScript script : subject.scripts()) {
      List<String> options =
          script.chosen("xen,xen-bootargs").stream().map(Word.Part::text).toList();
      Optional<Integer> count =
          options.stream()
              .filter(option -> option.matches("dom0_max_vcpus=\\d{1,4}"))
              .map(option -> Integer.valueOf(option.substring(option.indexOf('=') + 1)))
              .findFirst();
      if (BootOptions.of(script).enabled("dom0_vcpus_pin").isPresent() && count.isPresent()) {
        return cpu < count.get();
      }
    }
    return true;
  }

  private record Place(Region region, Row row) {}

  private List<Row> memory() {
    List<Place> places = new ArrayList<>();
    for (Region region : board.memory()) {
      places.add(place(region, region.size() / MIB + " MiB", SHARED));
    }
    Stream.concat(board.reserved().stream(), board.facts().regions("memory.secure").stream())
        .distinct()
        .forEach(region -> places.add(place(region, "reserved", FIRMWARE)));
    for (BootScript script : subject.scripts()) {
      for (Load load : script.loads()) {
        boolean xen =
            script.booted().stream()
                .findFirst()
                .filter(first -> first.address() == load.address())
                .isPresent();
        Region region = new Region(load.address(), Math.max(1, load.size().orElse(1)));
        String file = load.file().substring(load.file().lastIndexOf('/') + 1);
        places.add(place(region, "loaded: " + file, xen ? HYPERVISOR : DOM0));
      }
    }
    return sorted(places);
  }

  private static Place place(Region region, String what, String owner) {
    String place = region.size() == 1 ? "0x" + Long.toHexString(region.base()) : region.toString();
    return new Place(region, new Row(place, what, "", owner));
  }

  private static List<Row> sorted(List<Place> places) {
    Comparator<Place> order =
        (one, other) -> Long.compareUnsigned(one.region().base(), other.region().base());
    return places.stream()
        .sorted(order.thenComparingLong(place -> -place.region().size()))
        .map(Place::row)
        .toList();
  }

  /** The hypervisor chooses where it is. */
  private List<Row> domainMemory() {
    Stream<Row> dom0 =
        subject.scripts().stream()
            .flatMap(script -> script.chosen("xen,xen-bootargs").stream())
            .map(Word.Part::text)
            .filter(option -> option.startsWith(DOM0_MEMORY))
            .map(option -> anywhere(option.substring(DOM0_MEMORY.length()), DOM0));
    Stream<Row> guests =
        subject.configs().stream()
            .filter(config -> config.xl().number("memory").isPresent())
            .map(config ->
                anywhere(config.xl().number("memory").getAsLong() + " MiB", name(config)));
    return Stream.concat(dom0, guests).toList();
  }

  private static Row anywhere(String much, String owner) {
    return new Row(much.replaceFirst("(?<=\\d)M$", " MiB"), "anywhere in RAM", "", owner);
  }

  private List<Row> devices() {
    List<Place> places = new ArrayList<>();
    board
        .tree()
        .nodes()
        .filter(node -> node.has("compatible"))
        .filter(node -> !node.regions().isEmpty())
        .filter(node -> !node.path().startsWith("/reserved-memory/"))
        .forEach(node -> {
          for (Region region : node.regions()) {
            places.add(
                new Place(
                    region,
                    new Row(region.toString(), node.name(), interrupts(node), owner(node))));
          }
        });
    return sorted(places);
  }

  private String interrupts(Node node) {
    List<Integer> ids =
        node.all()
            .flatMap(one -> board.tree().interrupts(one).stream())
            .map(Interrupt::id)
            .distinct()
            .sorted()
            .toList();
    List<String> runs = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < ids.size(); i++) {
      boolean ends = i + 1 == ids.size() || ids.get(i + 1) != ids.get(i) + 1;
      if (ends) {
        runs.add(start == i ? ids.get(i).toString() : ids.get(start) + "-" + ids.get(i));
        start = i + 1;
      }
    }
    return String.join(" ", runs);
  }

  private String owner(Node node) {
    String guests =
        subject.configs().stream()
            .filter(config -> config.devices().contains(node))
            .map(Ownership::name)
            .collect(Collectors.joining(", "));
    if (!guests.isEmpty()) {
      return guests;
    }
    boolean ours =
        node.has("interrupt-controller")
                && node.has("#interrupt-cells")
                && !node.has("gpio-controller")
            || node.has("msi-controller")
            || node.has("#iommu-cells")
            || board.tree().console().equals(Optional.of(node));
    return ours ? HYPERVISOR : subject.withheld().contains(node) ? KEPT : DOM0;
  }

  private static String name(DomuConfig config) {
    return config.xl().text("name").orElse(String.valueOf(config.xl().file().getFileName()));
  }
}
