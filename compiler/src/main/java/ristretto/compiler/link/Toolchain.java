package ristretto.compiler.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory with clang, ld.lld and the llvm tools.
 *
 * @param directory holds the executables
 * @param version part of what decides whether an image is up to date
 */
public record Toolchain(Path directory, String version) {

  /**
   * The pinned LLVM from Maven Central. The default even where a system clang exists: the same
   * sources give the same bytes only with the same compiler, and instruction counts are compared
   * between builds.
   */
  public static Toolchain bundled() {
    return BundledLlvm.install();
  }

  /**
   * The clang and lld in {@code directory}, 19 or newer: for machines that the pinned one lacks.
   */
  public static Toolchain at(Path directory) {
    Toolchain toolchain = new Toolchain(directory, "unknown");
    String banner = toolchain.run(directory, "", "clang", List.of("--version"));
    return new Toolchain(directory, banner.lines().findFirst().orElse(banner));
  }

  /**
   * Runs a tool and returns what it printed on standard output.
   *
   * @param input given to it on standard input
   * @throws BuildException with the tool's own messages when its exit status is not 0
   */
  String run(Path workingDirectory, String input, String tool, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(directory.resolve(tool).toString());
    command.addAll(arguments);
    try {
      Path errors = Files.createTempFile("ristretto-", ".err");
      try {
        return run(workingDirectory, input, command, errors);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new BuildException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BuildException("interrupted while running " + tool, e);
    }
  }

  private static String run(Path workingDirectory, String input, List<String> command, Path errors)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(workingDirectory.toFile());
    builder.redirectError(errors.toFile());
    // Messages and their order must not depend on the user's language.
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    Thread feeder = Thread.ofVirtual().start(() -> feed(process, input));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    feeder.join();
    if (status != 0) {
      String messages = Files.readString(errors);
      String name = Path.of(command.getFirst()).getFileName().toString();
      throw new BuildException(
          name + " failed (exit status " + status + "):\n" + messages + output);
    }
    return output;
  }

  private static void feed(Process process, String input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The tool stopped reading; its exit status and messages say why.
      return;
    }
  }
}
