package ristretto.tools.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;

/** A module's file, which a kernel's CONFIG_MODULE_COMPRESS may have compressed. */
final class ModuleFile {
  private ModuleFile() {}

  /** The module itself: a small root's insmod knows nothing of compression. */
  static byte[] read(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(".zst")) {
      return unpackedByZstd(file);
    }
    try (InputStream in = opened(name, Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static InputStream opened(String name, InputStream in) throws IOException {
    if (name.endsWith(".xz")) {
      return new XZInputStream(in);
    }
    return name.endsWith(".gz") ? new GZIPInputStream(in) : in;
  }

  private static byte[] unpackedByZstd(Path file) throws IOException {
    Path scratch = Files.createTempDirectory("ristretto");
    try {
      Path plain = scratch.resolve("module.ko");
      Command.of("zstd", "-q", "-d", "-o", plain.toString(), file.toString()).run();
      return Files.readAllBytes(plain);
    } finally {
      Cache.delete(scratch);
    }
  }
}
