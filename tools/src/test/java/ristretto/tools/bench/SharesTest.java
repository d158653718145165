package ristretto.tools.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void whoCannotUseAllLeavesTheRestToTheOthers() {
    assertArrayEquals(new double[] {1, 1}, Shares.TWO.fair(), 1e-9);
    assertEquals(1, Shares.EIGHT.fair()[1], 1e-9, "due more than a CPU");
    assertEquals(Shares.CPUS, Arrays.stream(Shares.EIGHT.fair()).sum(), 1e-9);
    double[] capped = {0.2, 0.35, 0.45, 0.6, 0.6, 0.6, 0.6, 0.6};
    assertArrayEquals(capped, Shares.CAPS.fair(), 1e-9);
  }

  @Test
  void theGuestIsToldWeightsAndCaps() {
    assertEquals("256/64", Shares.TWO.list());
    assertTrue(Shares.CAPS.list().startsWith("256.20/256.35/512.45/256/"));
  }

  @Test
  void theFurthestCounts() {
    double[] had = Shares.CAPS.fair();
    had[1] *= 0.97;
    had[4] *= 1.01;
    String lines =
        IntStream.range(0, had.length)
            .mapToObj(i -> "BENCH share_0%d %d\r\n".formatted(i, Math.round(had[i] * 1e8)))
            .collect(Collectors.joining());
    Figure figure = Shares.CAPS.figure(Measurement.of(lines + "BENCH-END"), null);
    assertEquals(300, figure.ours().orElseThrow(), 0.1);
    assertEquals("3.00 %", figure.unit().print(figure.ours()));
    assertEquals(Verdict.MISSED, figure.verdict());
    assertTrue(Shares.EIGHT.figure(Measurement.of("BENCH-END"), null).ours().isEmpty());
  }
}
