package ristretto.fdt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs of the host that know device trees better than we do; tests are skipped without them.
 */
public final class DeviceTreeCompiler {
  private DeviceTreeCompiler() {}

  /** Compiles device tree source. */
  public static byte[] compile(String source) {
    return run("dts", "dtb", source.getBytes(StandardCharsets.UTF_8));
  }

  /** The tree of a board of this project, with more source behind it. */
  public static byte[] board(String name, String more) {
    return compile("/include/ \"%s\"\n%s".formatted(board(name), more));
  }

  /** The source of the tree of a board of this project. */
  public static Path board(String name) {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("boards/soc"))) {
      at = Objects.requireNonNull(at.getParent(), "no folder of boards");
    }
    return at.resolve("boards").resolve(name).resolve("board.dts");
  }

  /** Decompiles a blob to source with sorted properties and nodes. */
  public static String decompile(byte[] blob) {
    return new String(run("dtb", "dts", blob), StandardCharsets.UTF_8);
  }

  private static byte[] run(String from, String to, byte[] input) {
    assumeTrue(isPresent("dtc"), "dtc is not installed");
    try {
      Path in = Files.createTempFile("tree", "." + from);
      Files.write(in, input);
      Process process =
          new ProcessBuilder("dtc", "-q", "-s", "-I", from, "-O", to, in.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      byte[] output = drain(process);
      Files.delete(in);
      if (process.exitValue() != 0) {
        throw new AssertionError("dtc refused a tree");
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tree that QEMU makes for a machine with these arguments. */
  public static byte[] ofQemu(String machine, String... more) {
    assumeTrue(isPresent("qemu-system-aarch64"), "QEMU is not installed");
    try {
      Path out = Files.createTempFile("tree", ".dtb");
      String[] command = new String[more.length + 5];
      command[0] = "qemu-system-aarch64";
      command[1] = "-M";
      command[2] = machine + ",dumpdtb=" + out;
      command[3] = "-display";
      command[4] = "none";
      System.arraycopy(more, 0, command, 5, more.length);
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      drain(process);
      byte[] tree = Files.readAllBytes(out);
      Files.delete(out);
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The boards' trees as Linux has them, where somebody has put them beside the checkout. */
  public static List<Path> boards() throws IOException {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      for (String name : new String[] {"boards", "shared/boards"}) {
        Path folder = at.resolve(name);
        if (Files.exists(folder.resolve("socfpga_agilex5_socdk.dts"))) {
          try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".dts")).sorted().toList();
          }
        }
      }
    }
    return List.of();
  }

  private static byte[] drain(Process process) throws IOException {
    try (InputStream stream = process.getInputStream()) {
      byte[] output = stream.readAllBytes();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("a host program did not end");
      }
      return output;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPresent(String program) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
