package ristretto.sim;

import java.util.HashMap;
import java.util.Map;
import ristretto.arch.Stage1Descriptor;
import ristretto.lang.Bits;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.SysReg;

/**
 * One CPU's EL2 stage 1 translation: the tables at TTBR0_EL2 once SCTLR_EL2.M is set, 4 KiB
 * granule, 48 bits. What was translated once stays in the TLB until it is invalidated, so a missing
 * TLBI shows. Arm ARM DDI 0487, "The AArch64 Virtual Memory System Architecture".
 */
final class Stage1Mmu {
  private static final int PAGE_SHIFT = 12;
  private static final int INDEX_BITS = 9;
  private static final int LAST_LEVEL = 3;

  private final SystemRegisters registers;
  private final Bus bus;

  /** Page descriptors by virtual page number. */
  private final Map<Long, Stage1Descriptor> tlb = new HashMap<>();

  private long lastPage = -1;
  private Stage1Descriptor lastEntry = Stage1Descriptor.INVALID;

  Stage1Mmu(SystemRegisters registers, Bus bus) {
    this.registers = registers;
    this.bus = bus;
  }

  boolean isOn() {
    return Bits.isSet(registers.value(SysReg.SCTLR_EL2), 0); // M
  }

  /** The physical address of {@code size} bytes that do not leave their page. */
  long translate(long address, int size, boolean write) {
    if (!isOn()) {
      return address;
    }
    long page = address >>> PAGE_SHIFT;
    if (page != (address + size - 1) >>> PAGE_SHIFT) {
      throw new SimulationError("0x%x, %d bytes: crosses a page".formatted(address, size));
    }
    if (page != lastPage) {
      lastEntry = tlb.computeIfAbsent(page, unused -> walk(address));
      lastPage = page;
    }
    if (write && Bits.isSet(lastEntry.bits(), 7)) { // AP[2]
      throw new SimulationError("0x%x is read-only at EL2".formatted(address));
    }
    return lastEntry.address() | (address & Bits.mask(PAGE_SHIFT - 1, 0));
  }

  /** The page's descriptor; for a block, that of the page in it. */
  private Stage1Descriptor walk(long address) {
    long table =
        Bits.alignDown(Bits.get(registers.value(SysReg.TTBR0_EL2), 47, 0), 1 << PAGE_SHIFT);
    for (int level = 0; level <= LAST_LEVEL; level++) {
      int shift = PAGE_SHIFT + INDEX_BITS * (LAST_LEVEL - level);
      long index = Bits.get(address, shift + INDEX_BITS - 1, shift);
      Stage1Descriptor entry = new Stage1Descriptor(bus.load(table + index * Long.BYTES, 8));
      if (!entry.isValid() || (level == LAST_LEVEL && !entry.isTable())) {
        throw new SimulationError(
            "0x%x is not mapped at EL2 (level %d fault)".formatted(address, level));
      }
      if (level == LAST_LEVEL) {
        return entry;
      }
      if (!entry.isTable()) {
        long inBlock = address & Bits.mask(shift - 1, PAGE_SHIFT);
        return entry.at(Bits.alignDown(entry.address(), 1L << shift) | inBlock);
      }
      table = entry.address();
    }
    throw new AssertionError("a walk ends at the last level");
  }

  /** TLBI by this CPU or, of the inner shareable kind, by any. */
  void invalidate(Maintenance operation, long argument) {
    switch (operation) {
      case TLBI_ALLE2 -> tlb.clear();
      case TLBI_VAE2IS -> tlb.remove(argument);
      default -> {
        return;
      }
    }
    lastPage = -1;
  }
}
