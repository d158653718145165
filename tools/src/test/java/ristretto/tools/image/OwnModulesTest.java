package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.ToolException;

class OwnModulesTest {
  private static final String VERSION = "6.12.33-altera-g1234";

  @TempDir private Path directory;
  private Path kernel = Path.of("");
  private Path modules = Path.of("");

  @BeforeEach
  void build() throws IOException {
    byte[] image = Arrays.copyOf(KernelFileTest.image(8), 8192);
    byte[] banner =
        ("Linux version %s\0Linux version " + VERSION + " (me@host)")
            .getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(banner, 0, image, 5000, banner.length);
    kernel = Files.write(directory.resolve("Image"), image);
    modules = directory.resolve("install/lib/modules/" + VERSION);
    Files.createDirectories(modules.resolve("kernel/drivers"));
    Files.writeString(modules.resolve("kernel/drivers/a.ko"), "a");
    Files.writeString(modules.resolve("modules.dep"), "kernel/drivers/a.ko:\n");
    Files.createSymbolicLink(modules.resolve("build"), directory);
  }

  @Test
  void areCopiedWithoutTheWayToTheSources() throws IOException {
    Path root = directory.resolve("root");
    OwnModules.copy(modules, kernel, root);
    Path copy = root.resolve("usr/lib/modules/" + VERSION);
    assertEquals("a", Files.readString(copy.resolve("kernel/drivers/a.ko")));
    assertTrue(Files.exists(copy.resolve("modules.dep")));
    assertFalse(Files.exists(copy.resolve("build"), LinkOption.NOFOLLOW_LINKS));
  }

  private void refuses(String why) {
    ToolException refusal =
        assertThrows(ToolException.class, () -> OwnModules.copy(modules, kernel, directory));
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }

  @Test
  void mustBeTheKernels() throws IOException {
    Path other = modules.resolveSibling("6.12.33");
    Files.move(modules, other);
    modules = other;
    refuses("these are of Linux 6.12.33, and the kernel is " + VERSION);
  }

  @Test
  void mustBeTheFolderOfOneVersion() {
    modules = modules.resolve("..").normalize();
    refuses("there is no modules.dep");
  }
}
