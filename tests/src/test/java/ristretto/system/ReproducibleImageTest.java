package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.Command;
import ristretto.tools.host.Project;
import ristretto.tools.image.CompilerProcess;

/** The same sources give the same image. */
@Tag("system")
class ReproducibleImageTest {
  @Test
  void theImageBuiltTwiceIsTheSameByteForByte(@TempDir Path directory) throws IOException {
    Systems.note("building the image twice");
    Path one = build(directory.resolve("one"));
    Path other = build(directory.resolve("other"));
    assertEquals(-1, Files.mismatch(one, other), "the first byte that differs");
    assertTrue(Files.size(one) > 0);
  }

  private static Path build(Path output) {
    Project project = Project.current();
    Path machine = project.classes("machine");
    Path hypervisor = project.classes("hypervisor");
    Command.Result result =
        CompilerProcess.of(
                "ristretto.compiler.Main",
                List.of(machine, hypervisor),
                List.of(
                    "--classes",
                    machine.toString(),
                    "--classes",
                    hypervisor.toString(),
                    "--asm",
                    project.home().resolve("hypervisor/src/main/asm").toString(),
                    "--output",
                    output.toString(),
                    "--name",
                    "xen"))
            .attempt();
    assertTrue(result.succeeded(), result.output());
    return output.resolve("xen");
  }
}
