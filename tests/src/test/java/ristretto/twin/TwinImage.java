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
   * What a boot has shown.
   *
   * @param outputs by twin
   * @param sentByPl011 what came out of the second PL011
   * @param sentByNs16550 likewise
   */
  record Run(Map<String, String> outputs, String sentByPl011, String sentByNs16550) {}

  /**
   * Boots the image and splits what it prints by twin.
   *
   * @throws IllegalStateException with the transcript when it does not come to its end
   */
  static Run boot(Path image, int gicVersion) throws IOException, InterruptedException {
    Path sockets = Files.createTempDirectory("twin"); // a socket's name has to be short
    try (TwinPeer pl011 = new TwinPeer(sockets.resolve("pl011"));
        TwinPeer ns16550 = new TwinPeer(sockets.resolve("ns16550"))) {
      Map<String, String> outputs = boot(image, gicVersion, pl011, ns16550);
      return new Run(outputs, pl011.taken(), ns16550.taken());
    } finally {
      Files.delete(sockets);
    }
  }

  private static Map<String, String> boot(
      Path image, int gicVersion, TwinPeer pl011, TwinPeer ns16550)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "qemu-system-aarch64",
            "-M",
            "virt,virtualization=on,highmem-ecam=off,gic-version=" + gicVersion,
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
            "-nodefaults",
            "-serial",
            "stdio",
            "-chardev",
            pl011.backend("pl011"),
            "-serial",
            "chardev:pl011",
            "-chardev",
            ns16550.backend("ns16550"),
            "-device",
            "pci-serial,chardev=ns16550,addr=2",
            "-kernel",
            image.toString());
    String log = "twin-boot-gicv" + gicVersion + ".log";
    String transcript = execute(command, image.resolveSibling(log));
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
   * The classes of the hypervisor that a twin image has; its entry points must not be roots. The
   * drivers have none.
   */
  private static Path borrowed(Path output) throws IOException {
    Path target = output.resolveSibling("twin-classes");
    borrow(target, Path.of("ristretto", "core", "trap"), "(Symbols|Backtrace)(\\$.*)?\\.class");
    for (String drivers : List.of("gic", "timer", "uart")) {
      borrow(target, Path.of("ristretto", "driver", drivers), ".*\\.class");
    }
    return target;
  }

  private static void borrow(Path target, Path folder, String names) throws IOException {
    Files.createDirectories(target.resolve(folder));
    try (Stream<Path> files = Files.list(module("hypervisor").resolve(folder))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches(names)) {
          Path copy = target.resolve(folder).resolve(name);
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
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
