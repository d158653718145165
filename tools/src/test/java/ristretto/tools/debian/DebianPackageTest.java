package ristretto.tools.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class DebianPackageTest {
  private static final DebianPackage BUSYBOX =
      new DebianPackage("busybox-static", "1:1.37.0-6+b9", "arm64", 1065292, "00ff");

  @Test
  void readsWhatAptShows() {
    String shown =
        """
        Package: busybox-static
        Version: 1:1.37.0-6+b9
        Architecture: arm64
        Depends: nothing
        Description: a shell
         Version: not a field
        Size: 1065292
        SHA256: 00ff

        """;
    assertEquals(List.of(BUSYBOX), DebianPackage.parse(shown));
  }

  @Test
  void survivesTheManifest() {
    assertEquals(BUSYBOX, DebianPackage.ofLine(BUSYBOX.line()));
  }

  @Test
  void isStoredUnderAptsName() {
    assertEquals("busybox-static_1%3a1.37.0-6+b9_arm64.deb", BUSYBOX.fileName());
  }

  @Test
  void refusesAPackageWithoutAChecksum() {
    assertThrows(
        IllegalArgumentException.class,
        () -> DebianPackage.parse("Package: a\nVersion: 1\nArchitecture: all\nSize: 1\n"));
  }
}
