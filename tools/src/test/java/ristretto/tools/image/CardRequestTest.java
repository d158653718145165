package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.ToolException;

class CardRequestTest {
  @TempDir private Path directory;
  private Path there = Path.of("");

  @BeforeEach
  void makeAFile() throws IOException {
    there = Files.write(directory.resolve("file"), new byte[64]);
  }

  private CardRequest request(@Nullable Path kernel, @Nullable Path fabric) {
    return new CardRequest(Suite.TRIXIE, there, kernel, null, null, null, fabric, List.of(), 0);
  }

  private static void refuses(Runnable request, String why) {
    ToolException refusal = assertThrows(ToolException.class, request::run);
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }

  @Test
  void namesTheOptionWhoseFileIsNotThere() throws IOException {
    assertDoesNotThrow(() -> request(there, null));
    refuses(() -> request(Path.of("nowhere"), null), "--kernel: there is no nowhere");
    refuses(() -> request(directory, null), "--kernel: " + directory + " is not a file");
    Path empty = Files.createFile(directory.resolve("core.rbf"));
    refuses(() -> request(null, empty), "--core-rbf: " + empty + " is empty");
  }

  @Test
  void refusesToOverwriteWhatTheCardHas() throws IOException {
    for (String name : List.of("boot.scr.XEN.uimg", "Source", "XEN")) {
      Path file = Files.write(directory.resolve(name), new byte[64]);
      refuses(
          () ->
              new CardRequest(Suite.TRIXIE, there, null, null, null, null, null, List.of(file), 0),
          "--add: the card has something of its own called " + name);
    }
  }

  @Test
  void refusesTwoFilesOfOneName() throws IOException {
    Path other = Files.write(directory.resolve("image"), new byte[64]);
    CardContents contents =
        new CardContents(there, null, null, null, null, List.of(other), directory, "4.20");
    SdCard card = new SdCard(CardTarget.named("qemu", null), contents);
    ToolException refusal = assertThrows(ToolException.class, card::bootBytes);
    assertTrue(refusal.toString().contains("two files for the card are called image"));
  }

  @Test
  void refusesACardThatNoTableDescribes() {
    long most = 2048L << 30;
    for (long bytes : new long[] {most, most + (1 << 20)}) {
      Runnable request =
          () ->
              new CardRequest(Suite.TRIXIE, there, null, null, null, null, null, List.of(), bytes);
      if (bytes == most) {
        assertDoesNotThrow(request::run);
      } else {
        refuses(request, "--size: a card's partition table ends at 2048G");
      }
    }
  }

  @Test
  void anOldCardStaysUntilTheNewOneIsThere() throws IOException {
    Path card = Files.writeString(directory.resolve("card.img"), "old");
    assertThrows(ToolException.class, () -> CardBuild.replace(card, directory.resolve("none")));
    assertEquals("old", Files.readString(card));
    CardBuild.replace(card, Files.writeString(directory.resolve("made"), "new"));
    assertEquals("new", Files.readString(card));
    assertFalse(Files.exists(directory.resolve("card.img.unfinished")));
  }

  @Test
  void refusesAnotherKindOfFileForTheFpga() throws IOException {
    Path sof = Files.write(directory.resolve("ghrd.sof"), new byte[64]);
    refuses(() -> request(null, sof), "not a raw binary file");
  }

  @Test
  void refusesAnFpgaForAMachineWithoutOne() throws IOException {
    CardRequest request = request(null, there);
    CardTarget qemu = CardTarget.named("qemu", null);
    refuses(() -> qemu.check(request), "--core-rbf: the machine qemu has no FPGA");
    CardTarget board = CardTarget.named("agilex7", null);
    assertDoesNotThrow(() -> board.check(request));
  }

  @Test
  void refusesATreeThatIsNotCompiledOrCutOff() throws IOException {
    Path source = Files.writeString(directory.resolve("b.dts"), "/dts-v1/; / { model = \"x\"; };");
    assertTrue(
        assertThrows(ToolException.class, () -> TreeFile.check(source))
            .toString()
            .contains("not a compiled device tree"));
    byte[] head = new byte[64];
    head[0] = (byte) 0xd0;
    head[1] = 0x0d;
    head[2] = (byte) 0xfe;
    head[3] = (byte) 0xed;
    head[7] = 100;
    Path cut = Files.write(directory.resolve("b.dtb"), head);
    assertTrue(
        assertThrows(ToolException.class, () -> TreeFile.check(cut))
            .toString()
            .contains("64 bytes of 100"));
  }
}
