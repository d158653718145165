package ristretto.tools.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  @TempDir private Path directory;
  private Cache cache = new Cache(Path.of("unset"));

  @BeforeEach
  void useTheDirectory() {
    cache = new Cache(directory);
  }

  @Test
  void fillsADirectoryOnce() {
    AtomicInteger times = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      cache.filled(
          "a/b", into -> Files.writeString(into.resolve("f"), "x" + times.getAndIncrement()));
    }
    assertEquals(1, times.get());
    assertTrue(Files.exists(directory.resolve("a/b/f")));
  }

  @Test
  void neverShowsADirectoryThatWasFilledInPart() {
    assertThrows(
        ToolException.class,
        () ->
            cache.filled(
                "a",
                into -> {
                  Files.writeString(into.resolve("f"), "x");
                  throw new IOException("no room");
                }));
    assertFalse(Files.exists(directory.resolve("a")));
    assertTrue(Files.exists(cache.filled("a", into -> {})));
  }

  @Test
  void keepsTheNewest() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path entry = Files.createDirectories(directory.resolve("disks/" + i));
      assertTrue(entry.toFile().setLastModified(1_000_000L * i));
    }
    cache.keepNewest("disks", 2);
    assertFalse(Files.exists(directory.resolve("disks/1")));
    assertTrue(Files.exists(directory.resolve("disks/2")));
  }

  /** Another run, with other contents, must not take away what this one is about to boot. */
  @Test
  void whatIsAskedForIsNew() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path entry = Files.createDirectories(directory.resolve("disks/" + i));
      assertTrue(entry.toFile().setLastModified(1_000_000L * i));
    }
    cache.filled("disks/1", into -> {});
    cache.keepNewest("disks", 2);
    assertTrue(Files.exists(directory.resolve("disks/1")));
    assertFalse(Files.exists(directory.resolve("disks/2")));
    assertTrue(Files.exists(directory.resolve("disks/3")));
  }

  @Test
  void namesThingsAfterTheirContents() {
    String one = Cache.key(digest -> digest.update("1".getBytes(StandardCharsets.UTF_8)));
    String two = Cache.key(digest -> digest.update("2".getBytes(StandardCharsets.UTF_8)));
    assertEquals(16, one.length());
    assertNotEquals(one, two);
  }
}
