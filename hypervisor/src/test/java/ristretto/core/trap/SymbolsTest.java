package ristretto.core.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** The reader alone; tests/ has the round trip through the compiler's writer. */
class SymbolsTest {
  @Test
  void aTableWithoutItsMagicNumberHasNoFrames() {
    Symbols symbols = new Symbols(offset -> 0, 0x1000);
    assertEquals(0, symbols.frameCount(0x1000));
    assertFalse(symbols.returnAddressInLinkRegister(0x1000));
    StringBuilder text = new StringBuilder();
    symbols.printFrame(0x1000, 0, c -> text.append((char) c));
    assertEquals("", text.toString());
  }
}
