package ristretto.compiler;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import ristretto.lang.Export;

/** Small programs for the translator, given as the members of a class {@code demo.Demo}. */
final class Sources {
  private Sources() {}

  /** The body starts in line 4 of {@code Demo.java}. */
  static Translation translate(String body) {
    return withClasses(body, Translator::translate);
  }

  /** The messages of a program that breaks a rule. */
  static String errors(String body) {
    try {
      translate(body);
    } catch (CompileError e) {
      return String.join("\n", e.messages());
    }
    throw new AssertionError("translated without an error");
  }

  /** Takes the class path of a compiled program. */
  interface Use<T> {
    T of(List<Path> classPath);
  }

  static <T> T withClasses(String body, Use<T> use) {
    try {
      Path classes = Files.createTempDirectory("ristretto-test");
      try {
        compile(body, classes);
        return use.of(List.of(classes, machine()));
      } finally {
        delete(classes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compile(String body, Path classes) {
    String source =
        "package demo;\nimport ristretto.lang.*; import ristretto.machine.*;\npublic class Demo {\n"
            + body
            + "\n}\n";
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        javac
            .getTask(
                messages,
                null,
                null,
                List.of("-g", "-proc:none", "-d", classes.toString(), "-cp", machine().toString()),
                null,
                List.of(new Text(source)))
            .call();
    if (!compiled) {
      throw new AssertionError(messages.toString());
    }
  }

  private static Path machine() {
    try {
      return Path.of(Export.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String text) {
      super(URI.create("string:///demo/Demo.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
