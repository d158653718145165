package ristretto.tools.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Commands for Dom0 on a small disk, and how their output is told from the rest of the console. The
 * first block says what follows; Dom0's first process (resource dom0/init) reads it.
 *
 * @param nonce a word that the output does not contain by accident
 */
public record CommandDisk(String commands, String nonce) {
  private static final int BLOCK = 512;

  public static CommandDisk of(String commands) {
    byte[] random = new byte[6];
    new Random().nextBytes(random);
    return new CommandDisk(commands, HexFormat.of().formatHex(random));
  }

  /** The disk's bytes: whole blocks. */
  public byte[] bytes() {
    byte[] script = (commands + "\n").getBytes(StandardCharsets.UTF_8);
    String head = "ristretto " + nonce + " " + script.length + " \n";
    ByteArrayOutputStream disk = new ByteArrayOutputStream();
    pad(disk, head.getBytes(StandardCharsets.US_ASCII));
    pad(disk, script);
    return disk.toByteArray();
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  /** Matches where the output begins. */
  public Pattern begin() {
    return Pattern.compile("@ristretto begin " + nonce + "\r*\n");
  }

  /** Matches what follows the output; group 1 is the exit status. */
  public Pattern end() {
    return Pattern.compile("\r*\n@ristretto end " + nonce + " (\\d+)\r*\n");
  }

  /**
   * The commands' own output, of what the console carried: without carriage returns and the
   * hypervisor's lines.
   */
  public static String clean(String console) {
    return console.replace("\r", "").replaceAll("(?m)^\\(XEN\\) .*\n", "");
  }

  private static void pad(ByteArrayOutputStream disk, byte[] content) {
    disk.writeBytes(content);
    int rest = content.length % BLOCK;
    disk.writeBytes(new byte[rest == 0 ? 0 : BLOCK - rest]);
  }
}
