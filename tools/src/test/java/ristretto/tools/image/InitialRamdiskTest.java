package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class InitialRamdiskTest {
  @TempDir private Path directory;

  @Test
  void holdsTheShellTheScriptAndTheModulesInOrder() throws IOException {
    Map<String, byte[]> files = unpack(make());
    assertEquals(
        List.of(
            "bin",
            "dev",
            "modules",
            "dev/console",
            "bin/busybox",
            "init",
            "modules/10-second.ko",
            "modules/11-first.ko"),
        List.copyOf(files.keySet()));
    assertEquals("#!/bin/busybox sh\n", text(files, "init"));
    assertEquals("plain", text(files, "modules/11-first.ko"));
  }

  @Test
  void unpacksModules() throws IOException {
    assertEquals("compressed", text(unpack(make()), "modules/10-second.ko"));
  }

  @Test
  void isTheSameEveryTime() throws IOException {
    assertArrayEquals(make(), make());
  }

  private byte[] make() throws IOException {
    Path busybox = Files.writeString(directory.resolve("busybox"), "shell");
    Path first = Files.writeString(directory.resolve("first.ko"), "plain");
    Path second = directory.resolve("second.ko.xz");
    try (XZOutputStream out =
        new XZOutputStream(Files.newOutputStream(second), new LZMA2Options())) {
      out.write("compressed".getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InitialRamdisk ramdisk = new InitialRamdisk(bytes)) {
      ramdisk.shell(busybox, "#!/bin/busybox sh\n");
      ramdisk.modules(List.of(second, first));
    }
    return bytes.toByteArray();
  }

  private static Map<String, byte[]> unpack(byte[] archive) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (CpioArchiveInputStream in =
        new CpioArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(archive)))) {
      for (CpioArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    }
    return files;
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }
}
