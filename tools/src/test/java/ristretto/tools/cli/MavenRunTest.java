package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MavenRunTest {
  @Test
  void shortensWhatATestClassCameTo() {
    assertEquals(
        "ok     12 tests    0.345 s  ristretto.fdt.FdtTest",
        MavenRun.condense(
            "[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.345 s"
                + " -- in ristretto.fdt.FdtTest"));
    assertEquals(
        "FAIL    2 tests    1.000 s  a.B",
        MavenRun.condense(
            "[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 1.000 s"
                + " <<< FAILURE! -- in a.B"));
  }

  @Test
  void namesEachModule() {
    assertEquals(
        "---- 3/7 Ristretto hypervisor",
        MavenRun.condense("[INFO] Building Ristretto hypervisor 0.1                     [3/7]"));
  }

  @Test
  void passesErrorsAndNotes() {
    assertEquals("[ERROR] no such thing", MavenRun.condense("[ERROR] no such thing"));
    assertEquals("[system] booting", MavenRun.condense("[system] booting"));
    assertEquals("", MavenRun.condense("[ERROR] "));
    assertEquals("", MavenRun.condense("[INFO] Nothing to compile"));
  }
}
