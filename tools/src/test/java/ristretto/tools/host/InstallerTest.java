package ristretto.tools.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallerTest {
  private static final String MIRROR = "http://mirror.example/debian";

  @Test
  void takesQemuFromBackportsOnDebian12() {
    Installer.Plan plan = Installer.plan(List.of("qemu-system-arm", "mtools"), "bookworm", MIRROR);
    assertTrue(plan.backports().contains("URIs: " + MIRROR + "\nSuites: bookworm-backports\n"));
    assertTrue(plan.backports().contains("Signed-By: "));
    assertEquals(3, plan.commands().size());
    assertTrue(
        plan.commands().get(1).containsAll(List.of("bookworm-backports", "qemu-system-arm")));
    assertTrue(plan.commands().get(2).contains("mtools"));
    assertTrue(!plan.commands().get(2).contains("qemu-system-arm"));
  }

  @Test
  void needsNoBackportsElsewhere() {
    Installer.Plan plan = Installer.plan(List.of("qemu-system-arm", "mtools"), "trixie", "");
    assertEquals("", plan.backports());
    assertEquals(2, plan.commands().size());
    assertTrue(plan.commands().get(1).containsAll(List.of("mtools", "qemu-system-arm")));
  }

  @Test
  void tellsWhatToType() {
    Installer.Plan plan = Installer.plan(List.of("qemu-system-arm"), "bookworm", MIRROR);
    assertTrue(plan.typed().getFirst().contains("Types: deb\\nURIs: " + MIRROR));
    assertTrue(plan.typed().getLast().endsWith("-t bookworm-backports qemu-system-arm"));
  }

  @Test
  void knowsAnOldQemu() {
    assertEquals(
        Optional.of("10.0.2"),
        Requirement.newEnough("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)"));
    assertEquals(Optional.empty(), Requirement.newEnough("QEMU emulator version 7.2.19"));
    assertEquals(Optional.empty(), Requirement.newEnough(""));
  }

  @Test
  void readsTheHostsRelease() {
    OsRelease release =
        OsRelease.parse("ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"Debian\"\n");
    assertEquals(new OsRelease("debian", "bookworm"), release);
  }
}
