package ristretto.compiler.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {
  @Test
  void writesAnArm64ImageWhoseSizeCoversWhatIsNotInTheFile(@TempDir Path directory)
      throws IOException {
    Path output = SmallImage.build(directory);
    ByteBuffer image =
        ByteBuffer.wrap(Files.readAllBytes(output.resolve("small"))).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x644d5241, image.getInt(56), "magic");
    ElfFile elf = ElfFile.read(output.resolve("small.elf"));
    assertEquals(elf.value("_image_end") - LinkerScript.LINK_BASE, image.getLong(16));
    assertTrue(image.getLong(16) > image.capacity());
    assertEquals(LinkerScript.LINK_BASE, elf.value("_text_start"));
    for (String symbol : new String[] {"_text_end", "_rodata_end", "_data_start", "_image_end"}) {
      assertEquals(0, elf.value(symbol) & 0xfff, symbol);
    }
  }

  @Test
  void sameSourcesInAnotherDirectoryGiveTheSameBytes(
      @TempDir Path first, @TempDir(factory = LongName.class) Path second) throws IOException {
    Path one = SmallImage.build(first);
    Path two = SmallImage.build(second);
    for (String file : new String[] {"small", "small.elf", "small.map", "small.stack.txt"}) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(two.resolve(file)), file);
    }
  }

  @Test
  void showsWhatClangSays(@TempDir Path directory) throws IOException {
    ImageSource source =
        SmallImage.source(directory, "#line 7 \"demo/Wrong.java\"\nint wrong(void) { return x; }");
    ImageBuilder builder = new ImageBuilder(Toolchain.bundled(), source, directory, "wrong");
    BuildException e = assertThrows(BuildException.class, () -> builder.build(4096, false));
    assertTrue(e.getMessage().contains("demo/Wrong.java:7"), e.getMessage());
    assertFalse(Files.exists(directory.resolve("wrong")));
  }

  @Test
  void failsWithThePathWhenTheStackIsTooSmall(@TempDir Path directory) throws IOException {
    ImageBuilder builder =
        new ImageBuilder(Toolchain.bundled(), SmallImage.source(directory), directory, "deep");
    BuildException e = assertThrows(BuildException.class, () -> builder.build(16, false));
    assertTrue(e.getMessage().contains("demo.Main.trap"), e.getMessage());
  }
}
