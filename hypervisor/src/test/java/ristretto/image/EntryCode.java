package ristretto.image;

import ristretto.arch.Stage1Descriptor;
import ristretto.lang.Bits;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/** What entry.S does on a CPU before it calls Java: boot tables, MMU on. */
final class EntryCode {
  private static final int PAGE_SHIFT = 12;
  private static final int BLOCK_SHIFT = 21;
  private static final long PAGE = 1 << PAGE_SHIFT;
  private static final long BLOCK = 1 << BLOCK_SHIFT;

  private final long load;
  private final long root;
  private long nextTable;

  EntryCode(long load) {
    this.load = load;
    this.root = physical(ImageSymbol.BOOT_TABLES);
    this.nextTable = root + PAGE;
  }

  private long physical(ImageSymbol symbol) {
    return symbol.address() - ImageSymbol.LINK_BASE + load;
  }

  /** On the boot CPU. */
  void buildTables(long deviceTree, long treeSize) {
    Memory.store64(physical(ImageSymbol.LOAD_ADDRESS), load);
    long text = load;
    long constants = physical(ImageSymbol.RODATA_START);
    long data = physical(ImageSymbol.DATA_START);
    long link = ImageSymbol.LINK_BASE - load;
    map(text, constants, link, Stage1Descriptor.TEXT_PAGE, PAGE_SHIFT);
    map(constants, data, link, Stage1Descriptor.RODATA_PAGE, PAGE_SHIFT);
    map(data, physical(ImageSymbol.IMAGE_END), link, Stage1Descriptor.DATA_PAGE, PAGE_SHIFT);
    long tree = Bits.alignDown(deviceTree, BLOCK);
    map(tree, deviceTree + treeSize, 0, Stage1Descriptor.RODATA_BLOCK, BLOCK_SHIFT);
    long code = physical(ImageSymbol.ENABLE_MMU);
    map(Bits.alignDown(code, BLOCK), code + 1, 0, Stage1Descriptor.TEXT_BLOCK, BLOCK_SHIFT);
  }

  /** On each CPU. */
  void enableMmu() {
    SysReg.TTBR0_EL2.write(root);
    SysReg.SCTLR_EL2.write(1);
  }

  private void map(long from, long to, long toVirtual, long rights, int unit) {
    for (long at = from; at < to; at += 1L << unit) {
      long table = root;
      int shift = 39;
      for (; shift > unit; shift -= 9) {
        table = next(table, at + toVirtual, shift);
      }
      Memory.store64(slot(table, at + toVirtual, shift), rights | at);
    }
  }

  private long next(long table, long address, int shift) {
    long slot = slot(table, address, shift);
    if (Memory.load64(slot) == 0) {
      Memory.store64(slot, Stage1Descriptor.table(nextTable).bits());
      nextTable += PAGE;
    }
    return new Stage1Descriptor(Memory.load64(slot)).address();
  }

  private static long slot(long table, long address, int shift) {
    return table + Bits.get(address, shift + 8, shift) * Long.BYTES;
  }
}
