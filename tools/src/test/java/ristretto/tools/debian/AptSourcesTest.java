package ristretto.tools.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
  private static final String STANZAS =
      """
      Types: deb
      # URIs: http://not.this.example/debian
      URIs: http://mirror.example/debian
      Suites: bookworm bookworm-updates
      Components: main contrib

      Types: deb
      URIs: http://mirror.example/debian-security
      Suites: bookworm-security
      Components: main
      """;

  @Test
  void readsStanzas() {
    List<AptSources.Source> sources = AptSources.parseStanzas(STANZAS);
    assertEquals(2, sources.size());
    assertEquals(List.of("http://mirror.example/debian"), sources.getFirst().uris());
    assertEquals(List.of("bookworm", "bookworm-updates"), sources.getFirst().suites());
    assertEquals(List.of("main", "contrib"), sources.getFirst().components());
  }

  @Test
  void joinsContinuedFields() {
    String stanza =
        "Types: deb\nURIs: http://a.example\nSuites: stable\nComponents: main\n contrib\n";
    assertEquals(
        List.of("main", "contrib"), AptSources.parseStanzas(stanza).getFirst().components());
  }

  @Test
  void leavesOutDisabledAndSourceStanzas() {
    String rest = "URIs: http://a.example\nSuites: stable\nComponents: main\n";
    assertTrue(AptSources.parseStanzas("Types: deb\nEnabled: no\n" + rest).isEmpty());
    assertTrue(AptSources.parseStanzas("Types: deb-src\n" + rest).isEmpty());
  }

  @Test
  void readsLinesWithOptions() {
    String text =
        """
        # a comment
        deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian trixie main # more
        deb-src http://mirror.example/debian trixie main
        """;
    assertEquals(
        List.of(
            new AptSources.Source(
                List.of("http://mirror.example/debian"), List.of("trixie"), List.of("main"))),
        AptSources.parseLines(text));
  }

  @Test
  void findsTheMirrorAmongOtherArchives(@TempDir Path apt) throws IOException {
    Path parts = Files.createDirectories(apt.resolve("sources.list.d"));
    Files.writeString(apt.resolve("sources.list"), "deb http://other.example/apt nodistro main\n");
    Files.writeString(
        parts.resolve("a.list"), "deb http://sec.example/debian-security bookworm-security main\n");
    Files.writeString(parts.resolve("debian.sources"), STANZAS);
    Files.writeString(parts.resolve("old.sources.disabled"), "Types: deb\n");
    AptSources sources = AptSources.read(apt);
    assertEquals(Optional.of("http://mirror.example/debian"), sources.findMirror());
    assertTrue(sources.hasSuite("bookworm-updates"));
    assertFalse(sources.hasSuite("bookworm-backports"));
  }

  @Test
  void findsNoMirrorWhereThereIsNone(@TempDir Path apt) {
    assertEquals(Optional.empty(), AptSources.read(apt).findMirror());
  }
}
