package ristretto.tools.yocto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shell functions of meta-ristretto's recipes, run by bash: bitbake's variables are written
 * like the shell's, so that they can be given in the environment.
 */
class RecipeTasksTest {
  private static final int MAGIC_OFFSET = 56;
  private static final String BBFATAL = "bbfatal() { echo \"$*\"; exit 1; }\n";

  @TempDir private Path directory;
  private Path image;
  private byte[] content = new byte[0];

  @BeforeEach
  void writeAnImage() throws IOException {
    content = new byte[4096];
    byte[] magic = "ARMd".getBytes(US_ASCII);
    System.arraycopy(magic, 0, content, MAGIC_OFFSET, magic.length);
    image = Files.write(directory.resolve("image"), content);
    Files.createDirectories(directory.resolve("build"));
    Files.writeString(directory.resolve("domu.cfg"), "name = \"domu\"\n");
  }

  @Test
  void everyFunctionIsBash() throws Exception {
    int functions = 0;
    for (Path recipe : LayerFiles.recipes()) {
      for (String function : LayerFiles.functions(recipe)) {
        assertEquals("", bash("-n", function, Map.of()), recipe::toString);
        functions++;
      }
    }
    assertEquals(6, functions);
  }

  @Test
  void theImageIsInstalledAndDeployedUnderBothNames() throws Exception {
    assertEquals("", run("do_compile; do_install; do_deploy", image.toString()));
    for (String name : new String[] {"root/boot/xen", "deploy/xen", "deploy/xen-agilex5e"}) {
      assertArrayEquals(content, Files.readAllBytes(directory.resolve(name)), name);
    }
    assertTrue(Files.exists(directory.resolve("root/home/root/xen/domu.cfg")));
  }

  @Test
  void whatIsNoImageIsRefusedWithTheReason() throws Exception {
    assertTrue(run("do_compile", "").startsWith("set RISTRETTO_IMAGE to the hypervisor's image"));
    Path missing = directory.resolve("missing");
    assertEquals(
        "RISTRETTO_IMAGE: there is no file " + missing, run("do_compile", missing.toString()));
    Path elf = Files.writeString(directory.resolve("xen.elf"), "\u007fELF" + " ".repeat(100));
    assertTrue(run("do_compile", elf.toString()).contains("xen.elf is no arm64 image"));
  }

  private String run(String tasks, String hypervisor) throws Exception {
    Path recipe = LayerFiles.layer().resolve("recipes-extended/ristretto/ristretto_0.1.bb");
    String script = BBFATAL + String.join("\n", LayerFiles.functions(recipe)) + "\n" + tasks;
    Map<String, String> variables =
        Map.of(
            "RISTRETTO_IMAGE",
            hypervisor,
            "RISTRETTO_BUILD",
            "0",
            "MACHINE",
            "agilex5e",
            "ROOT_HOME",
            "/home/root",
            "S",
            directory.toString(),
            "B",
            directory.resolve("build").toString(),
            "D",
            directory.resolve("root").toString(),
            "DEPLOYDIR",
            directory.resolve("deploy").toString());
    return bash("-e", script, variables);
  }

  /** What bash says of a script, standard error included. */
  private String bash(String option, String script, Map<String, String> variables)
      throws Exception {
    Path file = Files.writeString(directory.resolve("script"), script);
    ProcessBuilder builder = new ProcessBuilder("bash", option, file.toString());
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    process.waitFor();
    return said;
  }
}
