package ristretto.core.domain;

import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;

/**
 * What guests read of a CPU. Its feature registers (op0 3, op1 0, CRn 0, CRm 1 to 7) trap: every
 * field is decided by the table below; what it does not name reads as zero, so that a feature of a
 * later architecture is not there until somebody has thought about it. Arm ARM DDI 0487, "ID
 * registers". What it is and what caches it has they read from the CPU itself; that is here to tell
 * one class of CPUs from another ({@link CpuClasses}).
 *
 * <p>Not offered, because nothing saves or confines their state: SVE, SME, MTE, pointer
 * authentication, RAS, MPAM, AMU, PMU, profiling and trace, nested virtualisation, LORegions,
 * translation controls beyond Armv8.7.
 */
public final class IdRegisters {
  private static final int FIRST_CRM = 1;
  private static final int COUNT = 7 * 8;

  private static final int FIELD_BITS = 4;

  /** Feature registers whose fields are not signed: ID_AA64DFR0_EL1. */
  private static final int UNSIGNED = index(5, 0);

  // What does not trap stands behind the feature registers.
  private static final int MIDR = COUNT;
  private static final int REVIDR = COUNT + 1;
  private static final int CTR = COUNT + 2;
  private static final int DCZID = COUNT + 3;
  private static final int CLIDR = COUNT + 4;

  /** The first CCSIDR: for each level one of data and one of instructions. */
  private static final int CACHES = COUNT + 5;

  private static final int CACHE_LEVELS = 7;
  private static final int CACHE_TYPE_BITS = 3;

  /** ID_AA64MMFR0_EL1.PARange: 40 bits, what stage 2 translates. */
  private static final int ADDRESS_RANGE_40_BITS = 2;

  /** Guests have a GICv3 CPU interface. */
  private static boolean gicSystemRegisters;

  private final long[] values = new long[CACHES + 2 * CACHE_LEVELS];

  @BootOnly
  public IdRegisters() {}

  /** Before the first CPU is read: whether the interrupt controller of guests is a GICv3. */
  @BootOnly
  public static void offerGicSystemRegisters(boolean offered) {
    gicSystemRegisters = offered;
  }

  /** Of the CPU that runs this, before it runs a guest. */
  @BootOnly
  public void readThisCpu() {
    aarch64();
    aarch32();
    values[MIDR] = SysReg.MIDR_EL1.read();
    values[REVIDR] = SysReg.REVIDR_EL1.read();
    values[CTR] = SysReg.CTR_EL0.read();
    values[DCZID] = SysReg.DCZID_EL0.read();
    long levels = SysReg.CLIDR_EL1.read();
    values[CLIDR] = levels;
    for (int level = 0; level < CACHE_LEVELS; level++) {
      int lo = level * CACHE_TYPE_BITS;
      long type = Bits.get(levels, lo + CACHE_TYPE_BITS - 1, lo); // Ctype
      int at = CACHES + 2 * level;
      values[at] = type >= 2 ? cache(level, 0) : 0; // data or unified
      values[at + 1] = Bits.isSet(type, 0) ? cache(level, 1) : 0; // instructions
    }
  }

  private static long cache(int level, int instructions) {
    SysReg.CSSELR_EL1.write(2L * level + instructions);
    Barrier.isb(); // before the selected one is read
    return SysReg.CCSIDR_EL1.read();
  }

  public long midr() {
    return values[MIDR];
  }

  /** A guest cannot tell the two CPUs apart. */
  @BootOnly
  boolean isLike(IdRegisters other) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != other.values[i]) {
        return false;
      }
    }
    return true;
  }

  /** Offers no more than {@code other} does: a guest may run on either CPU. */
  @BootOnly
  void limitTo(IdRegisters other) {
    for (int i = 0; i < COUNT; i++) {
      for (int lo = 0; lo < Long.SIZE; lo += FIELD_BITS) {
        long theirs = Bits.get(other.values[i], lo + FIELD_BITS - 1, lo);
        if (rank(i, theirs) < rank(i, Bits.get(values[i], lo + FIELD_BITS - 1, lo))) {
          values[i] = Bits.put(values[i], lo + FIELD_BITS - 1, lo, theirs);
        }
      }
    }
  }

  /** Arm ARM DDI 0487, "Principles of the ID scheme for fields in ID registers". */
  private static long rank(int register, long field) {
    return register == UNSIGNED ? field : Bits.signExtend(field, FIELD_BITS - 1);
  }

  /** The value of the register at this encoding, or 0 for one that nobody has decided about. */
  public long value(int crm, int op2) {
    return values[index(crm, op2)];
  }

  private static int index(int crm, int op2) {
    return (crm - FIRST_CRM) * 8 + op2;
  }

  @BootOnly
  private void aarch64() {
    long pfr0 = SysReg.ID_AA64PFR0_EL1.read();
    // EL0, EL1, FP, AdvSIMD, DIT, CSV3
    long offered = keep(pfr0, 0, 4, 16, 20, 48, 60);
    offered = Bits.put(offered, 27, 24, gicSystemRegisters ? 1 : 0); // GIC
    offered = Bits.put(offered, 59, 56, atMost(pfr0, 56, 1)); // CSV2 without SCXTNUM
    set(4, 0, offered);
    set(4, 1, keep(SysReg.ID_AA64PFR1_EL1.read(), 0, 4)); // BT, SSBS
    set(
        5,
        0,
        keep(SysReg.ID_AA64DFR0_EL1.read(), 0, 12, 20, 28, 36)); // debug, BRPs, WRPs, CTX, lock
    long isar0 = SysReg.ID_AA64ISAR0_EL1.read();
    // AES to CRC32, Atomic, RDM to TS, TLB, RNDR
    set(6, 0, keep(isar0, 4, 8, 12, 16, 20, 28, 32, 36, 40, 44, 48, 52, 56, 60));
    // DPB, JSCVT, FCMA, LRCPC, FRINTTS, SB, SPECRES, BF16, DGH, I8MM
    set(6, 1, keep(SysReg.ID_AA64ISAR1_EL1.read(), 0, 12, 16, 20, 32, 36, 40, 44, 48, 52));
    set(6, 2, keep(SysReg.ID_AA64ISAR2_EL1.read(), 4, 20, 28)); // RPRES, BC, CLRBHB
    long mmfr0 = SysReg.ID_AA64MMFR0_EL1.read();
    // ASIDBits, BigEnd, SNSMem, BigEndEL0, TGran16, TGran64, TGran4
    long memory = keep(mmfr0, 4, 8, 12, 16, 20, 24, 28);
    set(7, 0, Bits.put(memory, 3, 0, atMost(mmfr0, 0, ADDRESS_RANGE_40_BITS)));
    // HAFDBS, HPDS, PAN, SpecSEI, XNX, ETS, nTLBPA
    set(7, 1, keep(SysReg.ID_AA64MMFR1_EL1.read(), 0, 12, 20, 24, 28, 36, 48));
    // CnP, UAO, LSM, VARange, CCIDX, ST, AT, BBM, E0PD
    set(7, 2, keep(SysReg.ID_AA64MMFR2_EL1.read(), 0, 4, 8, 16, 20, 28, 32, 52, 60));
  }

  /** For AArch32 at EL0: the instruction sets and the floating-point unit, no debug, no PMU. */
  @BootOnly
  private void aarch32() {
    set(1, 0, SysReg.ID_PFR0_EL1.read() & Bits.mask(15, 0));
    set(1, 1, keep(SysReg.ID_PFR1_EL1.read(), 0, 16)); // ProgMod, GenTimer
    set(1, 4, SysReg.ID_MMFR0_EL1.read());
    set(1, 5, SysReg.ID_MMFR1_EL1.read());
    set(1, 6, SysReg.ID_MMFR2_EL1.read());
    set(1, 7, SysReg.ID_MMFR3_EL1.read());
    set(2, 0, SysReg.ID_ISAR0_EL1.read());
    set(2, 1, SysReg.ID_ISAR1_EL1.read());
    set(2, 2, SysReg.ID_ISAR2_EL1.read());
    set(2, 3, SysReg.ID_ISAR3_EL1.read());
    set(2, 4, SysReg.ID_ISAR4_EL1.read());
    set(2, 5, SysReg.ID_ISAR5_EL1.read());
    set(2, 6, SysReg.ID_MMFR4_EL1.read());
    set(2, 7, SysReg.ID_ISAR6_EL1.read());
    set(3, 0, SysReg.MVFR0_EL1.read());
    set(3, 1, SysReg.MVFR1_EL1.read());
    set(3, 2, SysReg.MVFR2_EL1.read());
    set(3, 4, keep(SysReg.ID_PFR2_EL1.read(), 4)); // SSBS
  }

  private void set(int crm, int op2, long value) {
    values[index(crm, op2)] = value;
  }

  private static long atMost(long register, int lo, int limit) {
    return Math.min(Bits.get(register, lo + FIELD_BITS - 1, lo), limit);
  }

  /** {@code register} with only the four-bit fields that begin at these bits. */
  @BootOnly
  private static long keep(long register, int... fields) {
    long kept = 0;
    for (int lo : fields) {
      kept |= register & Bits.mask(lo + FIELD_BITS - 1, lo);
    }
    return kept;
  }
}
