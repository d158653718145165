package ristretto.compiler.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StackBoundTest {
  private static final String USAGE =
      """
      demo/A.java:3:trap	32	static
      demo/A.java:5:small	16	static
      demo/A.java:7:large	100	static
      demo/A.java:9:leaf	48	static
      xen.c:1:copy	8	static
      """;

  private static final List<CFunction> GRAPH =
      List.of(
          function("trap", true, "small", "large", "inlined"),
          function("small", false, "leaf"),
          function("large", false),
          function("inlined", false, "small"),
          function("leaf", false),
          function("boot", false, "boot"));

  @Test
  void addsTheFramesOfTheDeepestPath() {
    StackBound.Chain deepest = new StackBound(GRAPH, USAGE).deepest();
    assertEquals(32 + 100 + 8, deepest.bytes());
    assertEquals(List.of("trap", "large"), deepest.path().stream().map(CFunction::symbol).toList());
  }

  @Test
  void namesThePathWhenItIsTooDeep() {
    StackBound bound = new StackBound(GRAPH, USAGE);
    BuildException e = assertThrows(BuildException.class, () -> bound.check(139));
    assertTrue(e.getMessage().contains("140 bytes, limit 139"), e.getMessage());
    assertTrue(e.getMessage().contains("demo.A.large"), e.getMessage());
    assertTrue(bound.check(140).startsWith("140 bytes of stack at most, limit 140"));
  }

  @Test
  void refusesRecursionBelowATrapRoot() {
    List<CFunction> graph =
        List.of(function("trap", true, "a"), function("a", false, "b"), function("b", false, "a"));
    StackBound bound = new StackBound(graph, "");
    BuildException e = assertThrows(BuildException.class, bound::deepest);
    assertTrue(e.getMessage().contains("trap -> a -> b -> a"), e.getMessage());
  }

  @Test
  void refusesAFrameOfVariableSize() {
    assertThrows(
        BuildException.class, () -> new StackBound(GRAPH, "demo/A.java:3:trap\t32\tdynamic\n"));
  }

  private static CFunction function(String name, boolean root, String... callees) {
    return new CFunction(name, "demo.A." + name, List.of(callees), root);
  }
}
