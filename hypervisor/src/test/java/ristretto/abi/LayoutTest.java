package ristretto.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every {@link CStruct} against {@code offsetof} and {@code sizeof} of the real headers (package
 * libxen-dev), compiled for AArch64. The headers are looked for in the variable {@code
 * RISTRETTO_XEN_HEADERS} (directories that hold {@code xen/xen.h}, separated by colons), in {@code
 * /usr/include} and in the host tool's cache; without headers or a compiler the comparison is
 * skipped.
 */
class LayoutTest {
  private static final String MARK = "->";
  private static final String CONSTANTS =
      """
      #define __XEN_TOOLS__ 1
      #include <stdint.h>
      #include <stddef.h>
      #include <xen/xen.h>
      #include <xen/version.h>
      #include <xen/event_channel.h>
      #include <xen/memory.h>
      #include <xen/grant_table.h>
      #include <xen/vcpu.h>
      #include <xen/sched.h>
      #include <xen/platform.h>
      #include <xen/domctl.h>
      #include <xen/sysctl.h>
      #include <xen/trace.h>
      #include <xen/xsm/flask_op.h>
      #include <xen/hvm/hvm_op.h>
      #include <xen/io/console.h>
      #include <xen/hvm/params.h>
      #define CONSTANT(name, value) asm volatile("\\n" "->" name " %0 \\n" :: "i"((long) (value)));
      void layouts(void) {
      """;

  @Test
  void sizesKnownFromTheHeaders() {
    assertEquals(1088, SharedInfo.SIZEOF);
    assertEquals(48, VcpuInfo.SIZEOF);
    assertEquals(32, Xenmem.MemoryReservation.SIZEOF);
    assertEquals(72, Evtchnop.ControlBlock.SIZEOF);
    assertEquals(64, MulticallEntry.SIZEOF);
    assertTrue(views().size() >= 30, "views found: " + views().size());
  }

  @Test
  void offsetsRiseAndStayInside() throws IllegalAccessException {
    for (Class<?> view : views()) {
      int size = sizeof(view);
      for (Field field : offsets(view)) {
        int offset = field.getInt(null);
        assertTrue(offset >= 0 && offset <= size, view + "." + field.getName());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> equalTheHeaders(@TempDir Path work) {
    List<Path> found = headers();
    if (found.isEmpty()) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "skipped", () -> assumeTrue(false, "no libxen-dev headers here")));
    }
    return found.stream()
        .map(root -> DynamicTest.dynamicTest(root.toString(), () -> compare(root, work)));
  }

  private static void compare(Path headers, Path work) throws Exception {
    Map<String, Integer> ours = new TreeMap<>();
    for (Class<?> view : views()) {
      String type = view.getAnnotation(CStruct.class).value();
      ours.put("sizeof(" + type + ")", sizeof(view));
      for (Field field : offsets(view)) {
        ours.put("offsetof(" + type + "," + member(field) + ")", field.getInt(null));
      }
    }
    Map<String, Integer> theirs = compile(headers, work, ours.keySet());
    assertEquals(new TreeMap<>(theirs).toString(), ours.toString());
  }

  /**
   * Lets the compiler evaluate each expression, through the operands of assembly that is never run.
   */
  private static Map<String, Integer> compile(Path headers, Path work, Iterable<String> expressions)
      throws IOException, InterruptedException {
    StringBuilder source = new StringBuilder(CONSTANTS);
    for (String expression : expressions) {
      String name = expression.replace(' ', '~');
      source.append("CONSTANT(\"").append(name).append("\", ").append(expression).append(")\n");
    }
    Path file = Files.writeString(work.resolve("layouts.c"), source.append("}\n"));
    List<String> compiler = compiler();
    assumeTrue(!compiler.isEmpty(), "no C compiler for AArch64 here");
    List<String> command = new ArrayList<>(compiler);
    command.addAll(List.of("-O1", "-S", "-o", "-", "-I", headers.toString(), file.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(work.resolve("errors").toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), () -> read(work.resolve("errors")));
    Map<String, Integer> values = new TreeMap<>();
    for (String line : output.lines().filter(l -> l.startsWith(MARK)).toList()) {
      int space = line.indexOf(' ');
      String expression = line.substring(MARK.length(), space).replace('~', ' ');
      values.put(expression, Integer.parseInt(line.substring(space).replaceAll("[#$ ]", "")));
    }
    return values;
  }

  private static List<String> compiler() {
    if (onPath("aarch64-linux-gnu-gcc")) {
      return List.of("aarch64-linux-gnu-gcc", "-ffreestanding");
    }
    if (onPath("clang")) {
      return List.of("clang", "--target=aarch64-linux-gnu", "-ffreestanding");
    }
    return List.of();
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static List<Path> headers() {
    List<Path> candidates = new ArrayList<>();
    String named = System.getenv("RISTRETTO_XEN_HEADERS");
    if (named != null) {
      Stream.of(named.split(":")).map(Path::of).forEach(candidates::add);
    }
    candidates.add(Path.of("/usr/include"));
    String cacheHome = System.getenv("XDG_CACHE_HOME");
    Path cache =
        cacheHome == null || cacheHome.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cacheHome);
    candidates.addAll(unpackedIn(cache.resolve("ristretto")));
    return candidates.stream()
        .filter(d -> Files.exists(d.resolve("xen/xen.h")))
        .distinct()
        .toList();
  }

  /** Directories {@code usr/include} of packages that the host tool has unpacked in its cache. */
  private static List<Path> unpackedIn(Path cache) {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> paths =
        Files.find(
            cache,
            6,
            (path, attributes) -> path.endsWith("usr/include") && attributes.isDirectory())) {
      return paths.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All views of the package: its class files with {@link CStruct}. */
  private static List<Class<?>> views() {
    try {
      Path directory = Path.of(Errno.class.getResource("Errno.class").toURI()).getParent();
      try (Stream<Path> files = Files.list(directory)) {
        List<Class<?>> found = new ArrayList<>();
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".class") && !name.startsWith("package-info")) {
            Class<?> type =
                Class.forName(
                    "ristretto.abi." + name.substring(0, name.length() - ".class".length()));
            if (type.isAnnotationPresent(CStruct.class)) {
              found.add(type);
            }
          }
        }
        assertFalse(found.isEmpty());
        return found;
      }
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int sizeof(Class<?> view) {
    try {
      return view.getField("SIZEOF").getInt(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(view + " has no SIZEOF", e);
    }
  }

  /** The offset constants: those that precede SIZEOF; others follow it. */
  private static List<Field> offsets(Class<?> view) {
    List<Field> offsets = new ArrayList<>();
    for (Field field : view.getDeclaredFields()) {
      if (field.getName().equals("SIZEOF")) {
        return offsets;
      }
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
        offsets.add(field);
      }
    }
    return offsets;
  }

  private static String member(Field field) {
    CMember named = field.getAnnotation(CMember.class);
    return named != null ? named.value() : field.getName().toLowerCase(Locale.ROOT);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
