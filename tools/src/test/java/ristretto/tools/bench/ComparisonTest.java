package ristretto.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final OptionalDouble NONE = OptionalDouble.empty();

  private static Figure figure(OptionalDouble ours, OptionalDouble bar) {
    return new Figure(
        "a_row", "a row", Figure.Unit.INSTRUCTIONS, ours, OptionalDouble.of(400), bar);
  }

  @Test
  void theBarItselfIsMet() {
    assertEquals(Verdict.MET, figure(OptionalDouble.of(120), OptionalDouble.of(120)).verdict());
    assertEquals(Verdict.MET, figure(OptionalDouble.of(120.01), OptionalDouble.of(120)).verdict());
    assertEquals(
        Verdict.MISSED, figure(OptionalDouble.of(120.5), OptionalDouble.of(120)).verdict());
  }

  @Test
  void aFigureThatXenHasAndOursLacksDoesNotPass() {
    assertEquals(Verdict.NOT_MEASURED, figure(NONE, OptionalDouble.of(120)).verdict());
    assertEquals(Verdict.NO_BAR, figure(OptionalDouble.of(1), NONE).verdict());
  }

  @Test
  void theTableHasFigureRatioBarAndVerdict() {
    Comparison comparison =
        new Comparison("machine", List.of(figure(OptionalDouble.of(100), OptionalDouble.of(120))));
    String row = comparison.table().lines().toList().getLast();
    assertEquals(
        List.of("a", "row", "100", "400", "0.25", "120", "met"), List.of(row.strip().split(" +")));
    assertEquals(1, comparison.count(Verdict.MET));
  }

  @Test
  void jsonSaysNullForWhatIsLacking() {
    String json = new Comparison("m", List.of(figure(NONE, OptionalDouble.of(120)))).json();
    assertTrue(json.contains("\"ours\": null, \"xen\": 400.00, \"bar\": 120.00"), json);
    assertTrue(json.contains("\"verdict\": \"not measured\""), json);
  }
}
