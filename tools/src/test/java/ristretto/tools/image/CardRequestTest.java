package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
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
