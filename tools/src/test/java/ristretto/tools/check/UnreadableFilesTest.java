package ristretto.tools.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.board.Board;
import ristretto.tools.check.rule.Rules;
import ristretto.tools.host.Command;
import ristretto.tools.source.SourceException;

/** Files that are not what they are given as: each is refused with its name and a remedy. */
class UnreadableFilesTest {
  private static final int TREE = 0xd00dfeed;
  private static final int SCRIPT = 0x27051956;

  @TempDir private Path directory;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private Path file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] beginning(int magic, byte[] rest) {
    return ByteBuffer.allocate(Integer.BYTES + rest.length).putInt(magic).put(rest).array();
  }

  private static int check(Path file) throws IOException {
    Subject subject = new Subject(Board.named("agilex5"));
    subject.add(file);
    return Rules.check(subject).size();
  }

  private static void refused(Path file, String problem) {
    SourceException refusal = assertThrows(SourceException.class, () -> check(file));
    assertEquals(file.toString(), refusal.position().file());
    assertTrue(refusal.problem().contains(problem), refusal.problem());
    assertFalse(refusal.remedy().isBlank());
  }

  @Test
  void whatIsNoFile() throws IOException {
    refused(directory.resolve("none.cfg"), "no such file");
    refused(Files.createDirectory(directory.resolve("a.cfg")), "a folder");
    for (String name : new String[] {"empty.cfg", "empty.cmd", "empty.dts", "empty.dtb"}) {
      refused(file(name, ""), "an empty file");
    }
  }

  @Test
  void whatIsBinary() throws IOException {
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    noise[0] = 0x7f;
    refused(file("noise.cfg", noise), "binary");
    refused(file("noise.dts", noise), "dtc: ");
    refused(file("short.dtb", beginning(TREE, new byte[0])), "a damaged device tree");
    refused(file("noise.dtb", beginning(TREE, noise)), "a damaged device tree");
    refused(file("short.uimg", beginning(SCRIPT, new byte[0])), "a damaged script");
    Arrays.fill(noise, (byte) 0xff);
    refused(file("long.uimg", beginning(SCRIPT, noise)), "a damaged script");
    Arrays.fill(noise, (byte) 0);
    refused(file("zeros.dtb", beginning(TREE, noise)), "a damaged device tree");
  }

  /** No byte of a tree can be changed so that reading it fails in another way. */
  @Test
  void damagedTrees() throws IOException {
    Path source = file("a.dts", "/dts-v1/; / { a = <1>; b@1 { reg = <1 2>; c = \"d\"; }; };");
    Path tree = directory.resolve("a.dtb");
    Command.of("dtc", "-q", "-O", "dtb", "-o", tree.toString(), source.toString()).run();
    byte[] right = Files.readAllBytes(tree);
    for (int at = Integer.BYTES; at < right.length; at++) {
      byte[] wrong = right.clone();
      wrong[at] ^= (byte) 0xff;
      Path damaged = file("damaged.dtb", wrong);
      try {
        assertTrue(check(damaged) >= 0);
      } catch (SourceException e) {
        assertTrue(e.problem().startsWith("a damaged device tree"), e.getMessage());
      }
    }
  }

  @Test
  void cellsThatNoBusHas() throws IOException {
    Path odd =
        file(
            "odd.dts",
            """
            /dts-v1/;
            / {
              #address-cells = <0xffffffff>;
              #size-cells = <1>;
              soc {
                #address-cells = <0>;
                #size-cells = <0>;
                ranges = <1 2>;
                x@1 { #size-cells = <1>; ranges; y@1 { compatible = "a"; reg = <1 2>; }; };
              };
            };
            """);
    assertEquals(0, check(odd));
  }

  @Test
  void whatWouldGoRoundForEver() throws IOException {
    String nested = "a = " + "[".repeat(20_000) + "]".repeat(20_000) + "\n";
    refused(file("deep.cfg", nested), "lists in lists");
    String depth = "/dts-v1/; / {" + "a {".repeat(100) + "};".repeat(100) + "};";
    refused(file("deep.dts", depth), "a damaged device tree");
    Path loop =
        file(
            "loop.cmd",
            """
            setenv a "${b}"
            setenv b "${a}"
            setenv c "run d"; setenv d "run c"
            run c
            load mmc 0:1 ${a} xen
            """);
    assertEquals(0, check(loop));
  }

  @Test
  void marksAndNumbers() throws IOException {
    refused(file("mark.cfg", "\uFEFFname = \"a\"\n"), "byte order mark");
    assertEquals(0, check(file("lines.cfg", "name = \"a\"\r\ncpus = \"2-3\"\r\n")));
    String many = "cpus = \"99999999999999999999\"\n";
    assertEquals(0, check(file("cpus.cfg", many)), "the largest number is none of a CPU");
    String pages = "cpus = \"0\"\niomem = [ \"fffffffffffff,1\", \"0x108d2,fffffffffffff\" ]\n";
    assertEquals(2, check(file("pages.cfg", pages)));
  }
}
