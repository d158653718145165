package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class XlScriptTest {
  private static final String TEXT =
      """
      # a comment
      == one
      $ xl list
      Name ID
      [4.20] new <n>
      [ours] also <text>
      [4.17] [xen] neither
      ...
      $~ xl pause x
      [xen] [4.17] $ xl abort
      and its last words
      == two
      """;

  @Test
  void readsSectionsAndTags() {
    XlScript script = XlScript.of(TEXT, Set.of("4.17", "ours"));
    XlScript.Step list = script.section("one").getFirst();
    assertEquals("xl list", list.command());
    assertEquals(List.of("Name ID", "also <text>", "..."), list.expected());
    assertEquals(new XlScript.Step("xl pause x", true, List.of()), script.section("one").get(1));
    assertEquals(List.of(), script.section("two"));
  }

  @Test
  void aCommandCanBeForOneHypervisorAlone() {
    assertEquals(2, XlScript.of(TEXT, Set.of("4.17", "ours")).section("one").size());
    assertEquals(
        new XlScript.Step("xl abort", false, List.of("and its last words")),
        XlScript.of(TEXT, Set.of("4.17", "xen")).section("one").getLast());
  }

  @Test
  void matchesSpacesNumbersAndAnyLines() {
    XlScript.Step step = XlScript.of(TEXT, Set.of("4.20", "ours")).section("one").getFirst();
    assertTrue(step.matches("Name      ID\nnew\t17\nalso\n"));
    assertTrue(step.matches("Name ID\nnew 17\nalso this (and that)\nmore\nand more\n"));
    assertFalse(step.matches("Name ID\nnew one\nalso\n"));
    assertFalse(step.matches("Name ID\n"));
  }

  @Test
  void aWordMayBeOneOfSome() {
    XlScript script = XlScript.of("== one\n$ xl\nCPSR <0x1c5|0x3c5> PC\n", Set.of());
    XlScript.Step step = script.section("one").getFirst();
    assertTrue(step.matches("CPSR 0x1c5 PC\n"));
    assertTrue(step.matches("CPSR 0x3c5 PC\n"));
    assertFalse(step.matches("CPSR 0x2c5 PC\n"));
  }

  @Test
  void aCommandThatPrintsNothingMustPrintNothing() {
    XlScript.Step step = XlScript.of(TEXT, Set.of()).section("one").get(1);
    assertTrue(step.matches(""));
    assertFalse(step.matches("error\n"));
  }
}
