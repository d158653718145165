package ristretto.compiler.classfile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.CompileError;

/**
 * The class files of the image: those of the application, without their lambdas, and the JDK's
 * behind them. Names are internal ones, as in {@code ristretto/lang/Bits}.
 */
public final class ClassPath {
  private final Map<String, byte[]> application = new TreeMap<>();
  private final Map<String, ClassModel> parsed = new HashMap<>();

  public ClassPath(List<Path> entries) {
    Map<String, byte[]> original = new TreeMap<>();
    try {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          readAll(entry, original);
        } else {
          try (FileSystem jar = FileSystems.newFileSystem(entry)) {
            readAll(jar.getPath("/"), original);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Lambdas lambdas = new Lambdas(resolver(original));
    original.forEach((name, bytes) -> application.putAll(lambdas.desugar(name, bytes)));
  }

  /** Classes of the application, the classes that stand for lambdas included. */
  public SortedSet<String> applicationClasses() {
    return new TreeSet<>(application.keySet());
  }

  public boolean isApplication(String name) {
    return application.containsKey(name);
  }

  byte @Nullable [] applicationBytes(String name) {
    return application.get(name);
  }

  /**
   * The class of that name; a {@link CompileError} when neither the application nor the JDK has it.
   */
  public ClassModel model(String name) {
    return parsed.computeIfAbsent(name, this::parse);
  }

  private ClassModel parse(String name) {
    byte[] bytes = application.get(name);
    if (bytes == null) {
      bytes = jdkBytes(name);
    }
    if (bytes == null) {
      throw new CompileError(
          "class " + name.replace('/', '.') + " is not on the class path; add its module");
    }
    return ClassFile.of().parse(bytes);
  }

  private static byte @Nullable [] jdkBytes(String name) {
    try (InputStream in = Object.class.getResourceAsStream("/" + name + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readAll(Path root, Map<String, byte[]> into) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = root.relativize(file).toString();
        if (name.endsWith(".class") && !name.endsWith("-info.class")) {
          into.putIfAbsent(
              name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
        }
      }
    }
  }

  private static ClassHierarchyResolver resolver(Map<String, byte[]> classes) {
    return ClassHierarchyResolver.ofResourceParsing(
            (java.lang.constant.ClassDesc type) -> {
              String descriptor = type.descriptorString();
              byte[] bytes = classes.get(descriptor.substring(1, descriptor.length() - 1));
              return bytes == null ? null : new java.io.ByteArrayInputStream(bytes);
            })
        .orElse(ClassHierarchyResolver.defaultResolver());
  }
}
