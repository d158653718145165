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
    Files.writeString(modules.resolve("modules.dep.bin"), "the same for modprobe");
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
    refuses(other + " is of Linux 6.12.33, and the kernel is Linux " + VERSION);
    refuses("give lib/modules/" + VERSION + " of that kernel");
  }

  /** Debian's own version, built again: what is in the root already is another build's. */
  @Test
  void takeThePlaceOfOthersOfTheSameVersion() throws IOException {
    Path copy = directory.resolve("root/usr/lib/modules/" + VERSION);
    Files.createDirectories(copy.resolve("kernel"));
    Files.writeString(copy.resolve("modules.dep"), "of another build");
    Files.writeString(copy.resolve("kernel/b.ko"), "b");
    assertEquals(copy, OwnModules.copy(modules, kernel, directory.resolve("root")));
    assertFalse(Files.exists(copy.resolve("kernel/b.ko")));
    assertEquals("kernel/drivers/a.ko:\n", Files.readString(copy.resolve("modules.dep")));
  }

  /** A Debian package has modules, and leaves their lists to its installation. */
  @Test
  void getTheListsThatTheyLack() throws IOException {
    Files.delete(modules.resolve("modules.dep"));
    Files.delete(modules.resolve("modules.dep.bin"));
    Files.delete(modules.resolve("kernel/drivers/a.ko"));
    Path root = Files.createDirectories(directory.resolve("root/usr/lib")).resolve("../..");
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Path copy = OwnModules.copy(modules, kernel, root.normalize());
    assertTrue(Files.exists(copy.resolve("modules.dep")));
    assertTrue(Files.exists(copy.resolve("modules.dep.bin")));
  }

  @Test
  void mustBeTheFolderOfOneVersion() {
    Path whole = modules;
    modules = whole.resolve("..").normalize();
    refuses("has none of kernel, modules.order, modules.dep in it");
    refuses("give " + whole);
    modules = whole.resolve("../../..").normalize();
    refuses("give " + whole);
    modules = directory.resolve("install/lib");
    refuses("give " + whole);
  }
}
