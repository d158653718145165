package ristretto.tools.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ristretto.tools.host.Command;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;

/**
 * Builds the hypervisor's image from its classes. The compiler runs in a JVM of its own: it
 * executes the class initialisers of the image. It does nothing when nothing changed.
 */
public final class HypervisorBuild {
  private static final String COMPILER = "ristretto.compiler.Main";

  private final Project project;
  private final Progress progress;

  public HypervisorBuild(Project project, Progress progress) {
    this.project = project;
    this.progress = progress;
  }

  /** Returns the image, up to date. */
  public Path run() {
    Command.Result result =
        progress.compute("compiling the hypervisor's image from Java", () -> command().attempt());
    if (!result.succeeded()) {
      throw new ToolException("the image cannot be built:\n" + result.output().strip());
    }
    if (!Files.exists(project.image())) {
      throw new ToolException("the compiler succeeded without making " + project.image());
    }
    return project.image();
  }

  private Command command() {
    Path machine = project.classes("machine");
    Path hypervisor = project.classes("hypervisor");
    return CompilerProcess.of(
        COMPILER,
        List.of(machine, hypervisor),
        List.of(
            "--classes",
            machine.toString(),
            "--classes",
            hypervisor.toString(),
            "--asm",
            project.home().resolve("hypervisor/src/main/asm").toString(),
            "--output",
            project.home().resolve("out").toString(),
            "--name",
            "xen"));
  }
}
