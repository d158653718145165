package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSizeTest {
  private static final int PROGBITS = 1;
  private static final int NOBITS = 8;
  private static final long ALLOC = 2;
  private static final String NAMES = "\0.text\0.symbols\0.bss\0.debug\0";

  private static void section(ByteBuffer elf, int index, String name, int type, long flags) {
    int at = 64 + index * 64;
    elf.putInt(at, NAMES.indexOf(name)).putInt(at + 4, type).putLong(at + 8, flags);
    elf.putLong(at + 32, 1000 + index);
  }

  private static ByteBuffer elf() {
    ByteBuffer elf = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c457f).putLong(40, 64);
    elf.putShort(58, (short) 64).putShort(60, (short) 5).putShort(62, (short) 4);
    section(elf, 0, ".text", PROGBITS, ALLOC);
    section(elf, 1, ".symbols", PROGBITS, ALLOC);
    section(elf, 2, ".bss", NOBITS, ALLOC);
    section(elf, 3, ".debug", PROGBITS, 0);
    elf.putLong(64 + 4 * 64 + 24, 512);
    elf.put(512, NAMES.getBytes(StandardCharsets.UTF_8));
    return elf;
  }

  @Test
  void countsWhatIsLoaded() {
    ImageSize size = ImageSize.of(elf());
    assertEquals(
        List.of(".text", ".symbols"),
        size.sections().stream().map(ImageSize.Section::name).toList());
    assertEquals(1000, size.textAndData(), "symbols are apart");
  }

  @Test
  void refusesOtherFiles() {
    assertThrows(IllegalArgumentException.class, () -> ImageSize.of(ByteBuffer.allocate(100)));
  }
}
