package ristretto.sim;

import ristretto.machine.SysReg;

/** Identification registers of a CPU, from its Technical Reference Manual. */
public enum CpuModel {
  /** Arm Cortex-A53, DDI 0500. */
  CORTEX_A53(
      0x410f_d034L,
      0x2222L,
      0x1122L,
      0x0001_1120L,
      0,
      0,
      0x1030_5106L,
      0x8444_8004L,
      new Caches(0x0a20_0023L, 0x700f_e01aL, 0x201f_e00aL, 0x707f_e07aL, 0)),
  /** Arm Cortex-A55, 100442. */
  CORTEX_A55(
      0x412f_d050L,
      0x1111_2222L,
      0x10_1122L,
      0x1000_1021_1120L,
      0x1021_2122L,
      0x1011L,
      0x1030_5408L,
      0x8444_8004L,
      new Caches(0xc300_0123L, 0x700f_e01aL, 0x200f_e01aL, 0x703f_e01aL, 0x70ff_e07aL)),
  /** Arm Cortex-A76, 100798. */
  CORTEX_A76(
      0x414f_d0b1L,
      0x1100_0000_1111_0112L,
      0x10_1122L,
      0x1000_1021_1120L,
      0x1021_2122L,
      0x1011L,
      0x1030_5408L,
      0x8444_c004L,
      new Caches(0xc300_0123L, 0x701f_e01aL, 0x201f_e01aL, 0x703f_e03aL, 0x70ff_e07aL));

  /** CLIDR_EL1, and CCSIDR_EL1 by cache; the second level is unified, and so is the third. */
  private record Caches(long levels, long data, long instructions, long second, long third) {
    long of(long selected) {
      return switch ((int) selected) {
        case 0 -> data;
        case 1 -> instructions;
        case 2 -> second;
        case 4 -> third;
        default -> UNKNOWN;
      };
    }
  }

  /** What reads of a cache that there is not give. */
  private static final long UNKNOWN = 0xdead_beefL;

  private final long midr;
  private final long pfr0;
  private final long mmfr0;
  private final long isar0;
  private final long mmfr1;
  private final long mmfr2;
  private final long dfr0;
  private final long ctr;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final Caches caches;

  CpuModel(
      long midr,
      long pfr0,
      long mmfr0,
      long isar0,
      long mmfr1,
      long mmfr2,
      long dfr0,
      long ctr,
      Caches caches) {
    this.midr = midr;
    this.pfr0 = pfr0;
    this.mmfr0 = mmfr0;
    this.isar0 = isar0;
    this.mmfr1 = mmfr1;
    this.mmfr2 = mmfr2;
    this.dfr0 = dfr0;
    this.ctr = ctr;
    this.caches = caches;
  }

  /** The model that a device tree calls {@code compatible}. */
  public static CpuModel of(String compatible) {
    return switch (compatible) {
      case "arm,cortex-a53" -> CORTEX_A53;
      case "arm,cortex-a55" -> CORTEX_A55;
      case "arm,cortex-a76" -> CORTEX_A76;
      default -> throw new IllegalArgumentException("no model of " + compatible);
    };
  }

  /** Sets the reset values of {@code cpu}; MPIDR's affinity 0 is its index, as QEMU has it. */
  public void applyTo(SimulatedCpu cpu) {
    applyTo(cpu, cpu.index());
  }

  /** Sets the reset values of {@code cpu}, whose affinity fields are those of {@code mpidr}. */
  public void applyTo(SimulatedCpu cpu, long mpidr) {
    cpu.setRegister(SysReg.MIDR_EL1, midr);
    cpu.setRegister(SysReg.MPIDR_EL1, 1L << 31 | mpidr);
    cpu.setRegister(SysReg.ID_AA64PFR0_EL1, pfr0);
    cpu.setRegister(SysReg.ID_AA64MMFR0_EL1, mmfr0);
    cpu.setRegister(SysReg.ID_AA64ISAR0_EL1, isar0);
    cpu.setRegister(SysReg.ID_AA64MMFR1_EL1, mmfr1);
    cpu.setRegister(SysReg.ID_AA64MMFR2_EL1, mmfr2);
    cpu.setRegister(SysReg.ID_AA64DFR0_EL1, dfr0);
    cpu.setRegister(SysReg.CTR_EL0, ctr);
    cpu.setRegister(SysReg.DCZID_EL0, 4);
    cpu.setRegister(SysReg.CLIDR_EL1, caches.levels());
    cpu.onRead(SysReg.CCSIDR_EL1, () -> caches.of(cpu.register(SysReg.CSSELR_EL1)));
  }
}
