package ristretto.twin.language;

import ristretto.machine.Memory;
import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** {@link Memory}: widths, extension, compare and exchange, copy and zero. */
public final class RawMemory implements Twin {
  /** Free RAM in both lives. */
  public static final long BASE = 0x5000_0000L;

  public static final int SIZE = 0x4_0000;

  @Override
  public String name() {
    return "RawMemory";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Memory.zero(BASE, 4096);
    Hash hash = new Hash();
    Operands operands = new Operands(55);
    for (int i = 0; i < 500; i++) {
      long at = BASE + operands.below(256) * 8L;
      access(hash, at, operands.next(), operands.below(8));
    }
    out.hash("accesses", hash.value());
    Memory.store64(BASE, 0x8877_6655_f483_82f1L);
    out.line("load8", Memory.load8(BASE));
    out.line("load16", Memory.load16(BASE));
    out.line("load32", Memory.load32(BASE));
    out.line("load64", Memory.load64(BASE));
    Memory.copy(BASE + 4099, BASE + 1, 1001);
    Memory.zero(BASE + 5000, 77);
    Hash copied = new Hash();
    for (int i = 0; i < 2000; i++) {
      copied.add(Memory.load8(BASE + 4000 + i));
    }
    out.hash("copied", copied.value());
    out.hash("or", Memory.getAndOr64(BASE, 0xff00));
    out.hash("after", Memory.load64(BASE));
  }

  private static void access(Hash hash, long at, long value, int kind) {
    switch (kind) {
      case 0 -> Memory.store8(at + 3, (int) value);
      case 1 -> Memory.store16(at + 2, (int) value);
      case 2 -> Memory.store32(at + 4, (int) value);
      case 3 -> Memory.store64(at, value);
      case 4 -> {
        hash.add(Memory.compareAndExchange16(at + 6, 0, (int) value));
        hash.add(Memory.compareAndExchange16(at + 6, Memory.load16(at + 6), (int) value));
      }
      case 5 -> {
        hash.add(Memory.compareAndExchange32(at, Memory.load32(at), (int) value));
        hash.add(Memory.compareAndExchange32(at, (int) value + 1, 0));
      }
      case 6 -> hash.add(Memory.compareAndExchange64(at, Memory.load64(at), value));
      default -> {
        Memory.store32Release(at, (int) value);
        hash.add(Memory.load64Acquire(at));
      }
    }
    hash.add(Memory.load8(at + 3));
    hash.add(Memory.load16(at + 6));
    hash.add(Memory.load32Acquire(at + 4));
    hash.add(Memory.load64(at));
  }
}
