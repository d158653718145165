package ristretto.compiler.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A SHA-256 over everything that an image depends on: equal means that nothing must be built. */
public final class Fingerprint {
  private final MessageDigest digest;

  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public Fingerprint add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds the files below {@code root} whose names end with one of {@code suffixes}: names relative
   * to it and contents, so that where the directory lies does not matter. A jar is one file.
   */
  public Fingerprint add(Path root, String... suffixes) {
    try {
      if (Files.isRegularFile(root)) {
        return add(Files.readAllBytes(root));
      }
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted().toList()) {
          String name = root.relativize(file).toString();
          if (Files.isRegularFile(file) && Stream.of(suffixes).anyMatch(name::endsWith)) {
            add(name).add(Files.readAllBytes(file));
          }
        }
      }
      return this;
    } catch (IOException e) {
      throw new BuildException("cannot read " + root + ": " + e, e);
    }
  }

  public Fingerprint addAll(List<Path> roots, String... suffixes) {
    roots.forEach(root -> add(root, suffixes));
    return this;
  }

  /** The digest as hexadecimal digits; the fingerprint cannot be used further. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Length first, so that two different lists never give the same stream of bytes. */
  private Fingerprint add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).flip());
    digest.update(bytes);
    return this;
  }
}
