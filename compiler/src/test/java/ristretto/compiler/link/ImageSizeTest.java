package ristretto.compiler.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ImageSizeTest {
  @Test
  void aProgramIsItsTextConstantsAndData() {
    ImageSize size = new ImageSize(100 << 10, 20 << 10, 5 << 10, 700 << 10, 70 << 10);
    assertEquals(125 << 10, size.program());
    assertEquals(
        "text 100.0 KB + constants 20.0 KB + data 5.0 KB = 125.0 KB; symbols 70.0 KB, cleared 700.0 KB",
        size.toString());
  }
}
