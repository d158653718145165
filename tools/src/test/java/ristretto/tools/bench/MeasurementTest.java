package ristretto.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

class MeasurementTest {
  private static final String LOG =
      """
      (XEN) a line of the hypervisor's\r
      BENCH-START role=dom0 gic=3 cpus=1 midr=0x410fd083\r
      BENCH instructions_to_kernel 259000000\r\r
      BENCH hypercall_xen_version 9850\r
      BENCH free_pages 25600000\r
      BENCH-END\r
      """;

  @Test
  void readsWhatTheGuestPrints() {
    Measurement measured = Measurement.of(LOG);
    assertEquals(98.5, measured.of(Row.HYPERCALL_XEN_VERSION).orElseThrow());
    assertEquals(2_590_000, measured.toKernel().orElseThrow());
    assertTrue(measured.of(Row.GICR_TYPER_READ).isEmpty(), "GICv2 has none");
  }

  @Test
  void aSwitchIsComparedWithXens() {
    assertEquals(400, Row.CONTEXT_SWITCH.bar(OptionalDouble.of(1000)).orElseThrow());
    assertTrue(Row.CONTEXT_SWITCH.bar(OptionalDouble.empty()).isEmpty());
    assertEquals(1300, Row.WFI_WAKE_BY_TIMER.bar(OptionalDouble.of(10)).orElseThrow());
  }

  @Test
  void aTurnBesideManyIsComparedWithOneBesideFew() {
    Measurement few = Measurement.of("BENCH crowd_yield 100000\r\nBENCH-END");
    Measurement many = Measurement.of("BENCH crowd_yield 150100\r\nBENCH-END");
    List<Figure> figures = Crowd.figures(few, many, null, null);
    assertEquals(Verdict.NO_BAR, figures.get(0).verdict());
    assertEquals("crowd_yield_512", figures.get(1).name());
    assertEquals(Verdict.MISSED, figures.get(1).verdict());
    assertEquals(Verdict.MET, Crowd.figures(few, few, null, null).get(1).verdict());
  }

  @Test
  void keptIsWhatIsNeitherDom0sNorFree() {
    long free = 256_000L * 4096;
    assertEquals((double) ((1024L << 20) - free), Measurement.of(LOG).kept().orElseThrow());
    assertTrue(Measurement.of("BENCH-END").kept().isEmpty(), "nothing was answered");
  }

  @Test
  void aGuestThatStoppedIsShown() {
    String cut = "BENCH-FAILED no event channel 0x0\n";
    var failure = assertThrows(ToolException.class, () -> Measurement.of(cut));
    assertTrue(failure.toString().contains("no event channel"));
  }
}
