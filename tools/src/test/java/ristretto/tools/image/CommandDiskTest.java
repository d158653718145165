package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

class CommandDiskTest {
  private final CommandDisk disk = new CommandDisk("echo é", "cafe");

  @Test
  void saysInTheFirstBlockWhatFollows() {
    String text = new String(disk.bytes(), StandardCharsets.UTF_8);
    assertTrue(text.startsWith("ristretto cafe 8 \n"));
    assertEquals("echo é\n", text.substring(512, 519));
    assertEquals(1024, disk.bytes().length);
  }

  @Test
  void takesWholeBlocksForLongCommands() {
    assertEquals(512 + 1024, new CommandDisk("x".repeat(512), "n").bytes().length);
    assertEquals(512 + 512, new CommandDisk("x".repeat(511), "n").bytes().length);
  }

  @Test
  void findsTheStatusWhateverCarriageReturnsTheConsoleAdds() {
    Matcher end = disk.end().matcher("out\r\r\n@ristretto end cafe 42\r\r\n");
    assertTrue(end.find());
    assertEquals("42", end.group(1));
    assertEquals(3, end.start());
  }

  @Test
  void isNotFooledByAnotherRun() {
    assertFalse(disk.begin().matcher("@ristretto begin beef\n").find());
  }

  @Test
  void removesTheHypervisorsLinesFromTheOutput() {
    assertEquals("a\nb\n", CommandDisk.clean("a\r\n(XEN) d0v0: hello\r\nb\r\n"));
  }
}
