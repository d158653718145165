package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import ristretto.tools.host.Command;

/** A module is the same to a small root's insmod, however its kernel keeps it. */
class ModuleFileTest {
  private static final byte[] MODULE = "a module".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  private interface Compression {
    OutputStream over(OutputStream file) throws IOException;
  }

  private void reads(String name, Compression compression) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = compression.over(Files.newOutputStream(file))) {
      out.write(MODULE);
    }
    assertArrayEquals(MODULE, ModuleFile.read(file));
  }

  @Test
  void isReadWhateverItIsCompressedWith() throws IOException {
    reads("a.ko", file -> file);
    reads("a.ko.gz", GZIPOutputStream::new);
    reads("a.ko.xz", file -> new XZOutputStream(file, new LZMA2Options()));
  }

  @Test
  void isReadByZstdWhereThatIsInstalled() throws IOException {
    assumeTrue(Command.of("sh", "-c", "command -v zstd").attempt().succeeded());
    Path file = Files.write(directory.resolve("a.ko"), MODULE);
    Command.of("zstd", "-q", "--rm", file.toString()).run();
    assertArrayEquals(MODULE, ModuleFile.read(directory.resolve("a.ko.zst")));
  }
}
