package ristretto.vdev.gic;

import ristretto.arch.gic.Gicd;
import ristretto.lang.Inline;

/**
 * The registers that the distributor and a redistributor's SGI frame have at the same offsets: a
 * bit, a byte or two bits an interrupt. 32-bit accesses; offsets from 0x80 on.
 */
final class InterruptRegisters {
  private static final int PRIORITY_END = Gicd.IPRIORITYR + 0x400;
  private static final int CONFIGURATION_END = Gicd.ICFGR + 0x100;

  private final GicModel gic;

  InterruptRegisters(GicModel gic) {
    this.gic = gic;
  }

  int read(int cpu, int offset) {
    if (offset >= Gicd.IPRIORITYR) {
      return readWide(cpu, offset);
    }
    int word = offset >>> 2 & 31;
    if (word >= gic.words()) {
      return 0;
    }
    return switch (offset >>> 7) {
      case Gicd.IGROUPR >>> 7 -> gic.group(cpu, word);
      case Gicd.ISENABLER >>> 7, Gicd.ICENABLER >>> 7 -> gic.enabled(cpu, word);
      case Gicd.ISPENDR >>> 7, Gicd.ICPENDR >>> 7 -> gic.pending(cpu, word);
      case Gicd.ISACTIVER >>> 7, Gicd.ICACTIVER >>> 7 -> gic.active(cpu, word);
      default -> 0;
    };
  }

  private int readWide(int cpu, int offset) {
    if (offset < PRIORITY_END) {
      int index = offset - Gicd.IPRIORITYR >>> 2;
      return index < gic.lines() >>> 2 ? gic.priorities(cpu, index) : 0;
    }
    if (offset >= Gicd.ICFGR && offset < CONFIGURATION_END) {
      int index = offset - Gicd.ICFGR >>> 2;
      return index < gic.lines() >>> 4 ? configuration(cpu, index) : 0;
    }
    return 0; // IGRPMODR, NSACR: Secure only
  }

  void write(int cpu, int offset, int value) {
    if (offset >= Gicd.IPRIORITYR) {
      writeWide(cpu, offset, value);
      return;
    }
    int word = offset >>> 2 & 31;
    if (word >= gic.words()) {
      return;
    }
    int bits = value & present(word);
    switch (offset >>> 7) {
      case Gicd.IGROUPR >>> 7 -> gic.setGroup(cpu, word, bits);
      case Gicd.ISENABLER >>> 7 -> gic.enable(cpu, word, bits);
      case Gicd.ICENABLER >>> 7 -> gic.disable(cpu, word, bits);
      case Gicd.ISPENDR >>> 7 -> setPending(cpu, word, bits);
      case Gicd.ICPENDR >>> 7 -> clearPending(cpu, word, bits);
      case Gicd.ISACTIVER >>> 7 -> gic.setActive(cpu, word, bits);
      case Gicd.ICACTIVER >>> 7 -> gic.clearActive(cpu, word, bits);
      default -> {}
    }
  }

  private void writeWide(int cpu, int offset, int value) {
    if (offset < PRIORITY_END) {
      writePriorities(cpu, offset, -1, value);
    } else if (offset >= Gicd.ICFGR && offset < CONFIGURATION_END) {
      writeConfiguration(cpu, offset - Gicd.ICFGR >>> 2, value);
    }
  }

  /** Writes the priorities whose bytes are ones in {@code mask}; {@code offset} is a word's. */
  @Inline
  void writePriorities(int cpu, int offset, int mask, int value) {
    int index = offset - Gicd.IPRIORITYR >>> 2;
    if (index < gic.lines() >>> 2) {
      gic.setPriority(cpu, index, mask, value);
    }
  }

  /** GICv2's SGIs are made pending through SPENDSGIR only. IHI 0048, "GICD_ISPENDRn". */
  private void setPending(int cpu, int word, int bits) {
    gic.setPending(cpu, word, isBanked(word) ? bits & ~PrivateInterrupts.SGIS : bits);
  }

  private void clearPending(int cpu, int word, int bits) {
    gic.clearPending(cpu, word, isBanked(word) ? bits & ~PrivateInterrupts.SGIS : bits);
  }

  private boolean isBanked(int word) {
    return word == 0 && gic.version() == 2;
  }

  /** INTIDs 1020 to 1023 are never interrupts. */
  @Inline
  private static int present(int word) {
    return word == 31 ? -1 >>> 4 : -1;
  }

  /** ICFGR: the upper of an interrupt's two bits says edge. */
  private int configuration(int cpu, int index) {
    int half = gic.edge(cpu, index >>> 1) >>> 16 * (index & 1) & 0xffff;
    return spread(half) << 1;
  }

  private void writeConfiguration(int cpu, int index, int value) {
    if (index == 0 || index >= gic.lines() >>> 4) {
      return; // SGIs are edge-triggered
    }
    int shift = 16 * (index & 1);
    gic.setEdge(
        cpu, index >>> 1, 0xffff << shift & present(index >>> 1), gather(value >>> 1) << shift);
  }

  /** Bit n of the low half goes to bit 2n. */
  static int spread(int half) {
    int bits = half;
    bits = (bits | bits << 8) & 0x00ff_00ff;
    bits = (bits | bits << 4) & 0x0f0f_0f0f;
    bits = (bits | bits << 2) & 0x3333_3333;
    return (bits | bits << 1) & 0x5555_5555;
  }

  /** Bit 2n goes to bit n of the low half. */
  static int gather(int word) {
    int bits = word & 0x5555_5555;
    bits = (bits | bits >>> 1) & 0x3333_3333;
    bits = (bits | bits >>> 2) & 0x0f0f_0f0f;
    bits = (bits | bits >>> 4) & 0x00ff_00ff;
    return (bits | bits >>> 8) & 0xffff;
  }
}
