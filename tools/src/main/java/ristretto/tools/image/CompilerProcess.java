package ristretto.tools.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ristretto.tools.host.Command;

/**
 * One of the compiler's programs in a JVM of its own. The compiler is on our class path but no
 * library of ours: it executes class initialisers of the image, and nothing here depends on it.
 */
public final class CompilerProcess {
  private CompilerProcess() {}

  /**
   * The program, ready to run.
   *
   * @param program a class of the compiler with a main method
   * @param classes what it executes code of, before our own class path
   */
  public static Command of(String program, List<Path> classes, List<String> arguments) {
    List<String> classPath = new ArrayList<>(classes.stream().map(Path::toString).toList());
    classPath.add(Optional.ofNullable(System.getProperty("java.class.path")).orElse(""));
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.add("-XX:+UseSerialGC");
    words.addAll(List.of("-cp", String.join(":", classPath), program));
    words.addAll(arguments);
    return Command.of(words);
  }
}
