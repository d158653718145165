package ristretto.twin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The twins' second life: one image of all of them, booted once in QEMU. */
final class TwinImage {
  private static final int DEADLINE_SECONDS = 60;

  private TwinImage() {}

  /** Builds the image with the compiler's command line; returns what the compiler said. */
  static String build(Path output) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                module("compiler").toString(),
                "ristretto.compiler.Main"));
    for (Path classes : List.of(module("machine"), module("tests"), borrowed(output))) {
      command.addAll(List.of("--classes", classes.toString()));
    }
    command.addAll(List.of("--asm", "src/main/asm", "--output", output.toString()));
    command.addAll(List.of("--name", "twin"));
    return execute(command, output.resolveSibling("twin-build.log"));
  }

  /**
   * Boots the image and splits what it prints by twin.
   *
   * @throws IllegalStateException with the transcript when it does not come to its end
   */
  static Map<String, String> boot(Path image) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "qemu-system-aarch64",
            "-M",
            "virt,virtualization=on,gic-version=3",
            "-cpu",
            "cortex-a72",
            "-smp",
            String.valueOf(Cpus.COUNT),
            "-m",
            "512",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "stdio",
            "-nodefaults",
            "-kernel",
            image.toString());
    String transcript = execute(command, image.resolveSibling("twin-boot.log"));
    if (!transcript.endsWith("== end\n")) {
      throw new IllegalStateException("the twin image did not reach its end:\n" + transcript);
    }
    return split(transcript);
  }

  private static Map<String, String> split(String transcript) {
    Map<String, String> outputs = new LinkedHashMap<>();
    for (String part : Pattern.compile("(?m)^== ").split(transcript, -1)) {
      int end = part.indexOf('\n');
      if (end > 0) {
        outputs.put(part.substring(0, end), part.substring(end + 1));
      }
    }
    return outputs;
  }

  /**
   * The few classes of the hypervisor that a twin image has; its entry points must not be roots.
   */
  private static Path borrowed(Path output) throws IOException {
    Path target = output.resolveSibling("twin-classes");
    Path trap = Path.of("ristretto", "core", "trap");
    Files.createDirectories(target.resolve(trap));
    try (Stream<Path> files = Files.list(module("hypervisor").resolve(trap))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("(Symbols|Backtrace)(\\$.*)?\\.class")) {
          Files.copy(file, target.resolve(trap).resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return target;
  }

  private static Path module(String name) {
    return Path.of("..", name, "target", "classes").toAbsolutePath().normalize();
  }

  private static String execute(List<String> command, Path log)
      throws IOException, InterruptedException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String transcript = Files.readString(log, StandardCharsets.ISO_8859_1);
    if (!ended || process.exitValue() != 0) {
      String why = ended ? "exit status " + process.exitValue() : "no end in time";
      throw new IllegalStateException(command.getFirst() + ": " + why + "\n" + transcript);
    }
    return transcript;
  }
}
