package ristretto.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, from class files to an image. */
class MainTest {
  private static final String PROGRAM =
      """
      static int count = 3;
      @TrapRoot @Export("demo_trap") static int trap(int value) { return add(value) * count; }
      private static int add(int value) { return value + Limits.LARGEST; }
      @AssemblyConstants static final class Limits { static final int LARGEST = 40 + 2; }
      """;

  private static final String ASSEMBLY =
      """
      #include "constants.h"
        .section .head, "ax"
        mov x0, #Limits_LARGEST
        bl demo_trap
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void buildsOnlyWhenSomethingChanged(@TempDir Path directory) {
    Sources.withClasses(
        PROGRAM,
        classes -> {
          assertEquals(0, build(classes, directory));
          assertEquals(0, build(classes, directory));
          assertTrue(said(out).endsWith("is up to date\n"), said(out));
          assertEquals(0, build(classes, directory, "--stack-limit", "4000"));
          assertTrue(said(out).endsWith("built " + directory.resolve("out/demo") + "\n"));
          return 0;
        });
  }

  @Test
  void sameSourcesGiveTheSameBytesInAnyDirectory(@TempDir Path first, @TempDir Path second)
      throws IOException {
    for (Path directory : List.of(first, second)) {
      Sources.withClasses(PROGRAM, classes -> build(classes, directory));
    }
    for (String file : List.of("demo", "demo.elf", "demo.map", "demo.c", "demo.stack.txt")) {
      assertArrayEquals(
          Files.readAllBytes(first.resolve("out").resolve(file)),
          Files.readAllBytes(second.resolve("out").resolve(file)),
          file);
    }
  }

  @Test
  void printsWhatIsWrongWithTheProgramAndLeavesNoImage(@TempDir Path directory) {
    String program =
        """
        @TrapRoot @Export("demo_trap") static int trap(int value) { return new int[value].length; }
        """;
    assertEquals(1, Sources.withClasses(program, classes -> build(classes, directory)).intValue());
    assertTrue(said(err).contains("Demo.java:4"), said(err));
    assertFalse(said(err).contains("\tat "), said(err));
    assertFalse(Files.exists(directory.resolve("out/demo")));
  }

  @Test
  void writesTheBoundOfTheStack(@TempDir Path directory) throws IOException {
    Sources.withClasses(PROGRAM, classes -> build(classes, directory));
    String report = Files.readString(directory.resolve("out/demo.stack.txt"));
    assertTrue(report.contains("demo.Demo.trap"), report);
  }

  @Test
  void explainsItselfWhenTheOptionsAreWrong() {
    assertEquals(2, run("--classes", "."));
    assertEquals(2, run("--output"));
    assertEquals(2, run("--colour", "red"));
    assertTrue(said(err).contains("no option --colour"));
    assertTrue(said(err).contains("usage: "));
  }

  private int build(List<Path> classes, Path directory, String... more) {
    try {
      Path assembly = Files.createDirectories(directory.resolve("asm"));
      Files.writeString(assembly.resolve("entry.S"), ASSEMBLY);
      List<String> arguments = new ArrayList<>(List.of(more));
      classes.forEach(path -> arguments.addAll(List.of("--classes", path.toString())));
      arguments.addAll(List.of("--asm", assembly.toString(), "--name", "demo"));
      arguments.addAll(List.of("--output", directory.resolve("out").toString()));
      return run(arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int run(String... arguments) {
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String said(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
