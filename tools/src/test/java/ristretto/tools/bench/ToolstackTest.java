package ristretto.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

class ToolstackTest {
  /** As the plugin writes it; Dom0's kernel has a first line, too. */
  private static final String LINES =
      """
      50 40 [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]
      60 40 BENCH-START role=domu gic=3 cpus=2 midr=0x410fd083
      61 40 BENCH hypercall_xen_version 9600
      62 40 BENCH-END
      100 50 BENCH-MARK list;
      210 51 BENCH-MARK list-end;
      300 52 BENCH-MARK list;
      400 55 BENCH-MARK list-end;
      1000 60 BENCH-MARK create;
      4000 1060 [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]
      4100 1061 [    0.000000] Kernel command line: console=hvc0 -- sh -c "echo DOMU-UP"
      9000 1100 DOMU-UP
      10000 1200 BENCH-MARK create;
      12000 1700 [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]
      16000 1750 DOMU-UP
      17000 1760 BENCH-MARK destroy;
      17900 1800 BENCH-MARK destroy-end;
      """;

  private static Toolstack parsed(String lines) {
    return Toolstack.of(Stamp.parse(lines));
  }

  @Test
  void aPhaseIsWhatLiesBetweenItsLines() {
    Toolstack toolstack = parsed(LINES);
    assertEquals(new Toolstack.Cost(3000, 1000), toolstack.cost(Phase.CREATE_FIRST).orElseThrow());
    assertEquals(new Toolstack.Cost(2000, 500), toolstack.cost(Phase.CREATE_AGAIN).orElseThrow());
    assertEquals(new Toolstack.Cost(900, 40), toolstack.cost(Phase.XL_DESTROY).orElseThrow());
  }

  @Test
  void ofSeveralTheLeastCounts() {
    assertEquals(new Toolstack.Cost(100, 3), parsed(LINES).cost(Phase.XL_LIST).orElseThrow());
  }

  @Test
  void theCommandLineIsNotTheFirstProcess() {
    assertEquals(new Toolstack.Cost(4000, 50), parsed(LINES).cost(Phase.DOMU_BOOT).orElseThrow());
  }

  @Test
  void theGuestsRowsAreInTheSameRun() {
    assertEquals(96, parsed(LINES).guest().of(Row.HYPERCALL_XEN_VERSION).orElseThrow());
  }

  @Test
  void aRunThatStoppedIsShown() {
    var failure = assertThrows(ToolException.class, () -> parsed("1 1 Kernel panic\n"));
    assertTrue(failure.toString().contains("Kernel panic"));
  }

  @Test
  void ourOwnPartHasAQuarterOfXensAndTheWholeAsMuchAndAHundredth() {
    Toolstack toolstack = parsed(LINES);
    List<Figure> figures = ToolstackFigures.of(toolstack, toolstack);
    assertEquals(3030, bar(figures, "create_first"));
    assertEquals(250, bar(figures, "create_first_hypervisor"));
    assertTrue(named(figures, "xl_list_hypervisor").bar().isEmpty());
    assertEquals(Verdict.NOT_MEASURED, named(figures, "domu_psci_version").verdict());
  }

  private static double bar(List<Figure> figures, String name) {
    return named(figures, name).bar().orElseThrow();
  }

  private static Figure named(List<Figure> figures, String name) {
    return figures.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }
}
