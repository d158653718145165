package ristretto.twin.runtime;

import ristretto.core.trap.Symbols;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;

/** The symbol table where the linker put it. */
final class SymbolSection implements Symbols.Table {
  @Override
  public int byteAt(int offset) {
    return Memory.load8(ImageSymbol.SYMBOLS_START.address() + offset);
  }
}
