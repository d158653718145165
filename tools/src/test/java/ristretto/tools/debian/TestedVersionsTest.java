package ristretto.tools.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestedVersionsTest {
  private static DebianPackage entry(String name, String version) {
    return new DebianPackage(name, version, "arm64", 1, "00");
  }

  private static final List<DebianPackage> TESTED =
      List.of(entry("bash", "5.2"), entry("linux-image-6.12.107+deb13-arm64", "6.12.107-1"));

  private static final TestedVersions LOCK =
      TestedVersions.parse(
          Suite.TRIXIE,
          "# heading, of three words\n"
              + TestedVersions.lines(Suite.TRIXIE, TESTED)
              + TestedVersions.lines(Suite.BOOKWORM, List.of(entry("sed", "4.9"))));

  private static List<String> differences(DebianPackage... here) {
    return LOCK.differences(List.of(here)).stream().map(Object::toString).toList();
  }

  @Test
  void whatWasTestedIsNotMentioned() {
    assertEquals(List.of(), LOCK.differences(TESTED));
  }

  @Test
  void aNewKernelIsTheSamePackageWithAnotherVersion() {
    assertEquals(
        List.of("linux-image-arm64 is now 6.12.110-1 (tested: 6.12.107-1)"),
        differences(entry("bash", "5.2"), entry("linux-image-6.12.110+deb13-arm64", "6.12.110-1")));
  }

  @Test
  void packagesThatCameAndWent() {
    assertEquals(
        List.of("dash 0.5 is new", "bash (tested: 5.2) is gone"),
        differences(entry("dash", "0.5"), TESTED.getLast()));
  }

  @Test
  void theCommittedFileKnowsEverySuite() {
    for (Suite suite : Suite.values()) {
      assertFalse(TestedVersions.of(suite).versions().isEmpty(), suite.toString());
    }
  }
}
