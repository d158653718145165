package ristretto.compiler.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.machine.ImageSymbol;

class LinkerScriptTest {
  @Test
  void definesWhatTheImageAsksFor() {
    assertEquals(ImageSymbol.LINK_BASE, LinkerScript.LINK_BASE);
    for (ImageSymbol symbol : ImageSymbol.values()) {
      // The entry code defines the others.
      if (symbol.symbol().startsWith("_") && symbol != ImageSymbol.LOAD_ADDRESS) {
        assertTrue(LinkerScript.text().contains(symbol.symbol() + " = ."), symbol.symbol());
      }
    }
  }
}
