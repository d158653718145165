package ristretto.architecture;

import java.util.List;
import java.util.Map;

/** ARCHITECTURE.md, "Folders": who knows whom, as package names without {@code ristretto.}. */
final class Layers {
  /** What runs at EL2. A package here covers those below it. */
  static final Map<String, List<String>> IMAGE =
      Map.of(
          "lang", List.of(),
          "machine", List.of("lang"),
          "arch", List.of("lang", "machine"),
          "vdev", List.of("lang", "machine", "arch"),
          "abi", List.of("lang", "machine"),
          "fdt", List.of("lang", "machine"),
          "driver", List.of("lang", "machine", "arch"),
          "core", List.of("lang", "machine", "arch", "vdev", "abi", "fdt", "driver"),
          "image", List.of("lang", "machine", "arch", "vdev", "abi", "fdt", "driver", "core"));

  /**
   * What runs on the host alone. The compiler reads the hypervisor's class files and the tools
   * start the compiler; neither is linked with what it works on.
   */
  static final Map<String, List<String>> HOST =
      Map.of(
          "sim", List.of("lang", "machine", "arch", "vdev"),
          "compiler", List.of(),
          // The size of a linked image; the names of boot options and of groups: one list of each.
          "tools", List.of("compiler.link", "core.boot", "core.domain"));

  /** The packages of the core, each of which may know those before it. */
  static final List<String> CORE =
      List.of(
          "cpu",
          "console",
          "mm",
          "trace",
          "domain",
          "time",
          "sched",
          "interrupt",
          "event",
          "grant",
          "uart",
          "hypercall",
          "trap",
          "debug",
          "boot");

  /**
   * The edges against that order. They are few and stay few: a new one is to be argued for here.
   *
   * @param reason why it is not turned round by an interface
   */
  record Upward(String from, String to, String reason) {}

  private static final String HOLDS =
      "a CPU, a domain and a vCPU hold the state of each facility in a field of its own type: one"
          + " load on the way of a trap, where a registry would be a search";
  private static final String WAKES =
      "time, scheduler and interrupts wake each other; none of them is the lower one";

  static final List<Upward> UPWARD =
      List.of(
          new Upward("cpu", "console", "a CPU that does not come up is reported"),
          new Upward("cpu", "mm", "a second CPU is started on the first one's map"),
          new Upward("cpu", "domain", HOLDS),
          new Upward("cpu", "time", HOLDS),
          new Upward("cpu", "sched", HOLDS),
          new Upward("cpu", "trace", HOLDS),
          new Upward("mm", "domain", "a frame has an owner, a copy goes to a guest's memory"),
          new Upward("domain", "time", HOLDS),
          new Upward("domain", "sched", HOLDS),
          new Upward("domain", "interrupt", HOLDS),
          new Upward("domain", "event", HOLDS),
          new Upward("domain", "grant", HOLDS),
          new Upward("domain", "uart", HOLDS),
          new Upward("time", "sched", WAKES),
          new Upward("time", "interrupt", WAKES),
          new Upward("time", "event", "the wall clock is in the page that domains share with us"),
          new Upward("sched", "interrupt", WAKES));

  private Layers() {}
}
