package ristretto.tools.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import ristretto.compiler.link.ImageSize;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.image.HypervisorBuild;

/** Builds the hypervisor's image. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = "Build the hypervisor: out/xen, and out/xen.elf with symbols.",
    footer = {"", "Example: ./ristretto build"})
final class BuildCommand implements Callable<Integer> {
  @Override
  public Integer call() throws Exception {
    Project project = Project.current();
    Path image = new HypervisorBuild(project, Progress.onStandardError()).run();
    System.out.println(image + ", " + image.toFile().length() + " bytes");
    System.out.println(ImageSize.of(project.elf()));
    return 0;
  }
}
