package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.arch.CptrEl2;
import ristretto.arch.HcrEl2;
import ristretto.arch.MdcrEl2;
import ristretto.core.sched.SchedulingBench;
import ristretto.lang.Bits;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;

/**
 * The trap bits, by number as the manual prints them. Arm ARM DDI 0487, "HCR_EL2" and following.
 */
class TrapControlsTest {
  @Test
  void guestsHaveTheseBitsOfHcr() {
    assertBits(
        HcrEl2.GUEST,
        0, // VM
        1, // SWIO
        2, // PTW
        3, // FMO
        4, // IMO
        5, // AMO
        9, // FB
        10, // BSU: inner shareable
        13, // TWI
        16, // TID1
        18, // TID3
        19, // TSC
        20, // TIDCP
        21, // TACR
        31, // RW
        35, // TLOR
        36, // TERR
        58); // TID5
    assertBits(HcrEl2.HYPERVISOR, 3, 4, 5, 31);
  }

  @Test
  void debugAndProfilingTrap() {
    assertBits(
        MdcrEl2.TRAP_ALL,
        5, // TPMCR
        6, // TPM
        9, // TDA
        10, // TDOSA
        11, // TDRA
        14, // TPMS
        19); // TTRF
  }

  @Test
  void vectorsAndTraceTrap() {
    long res1 = Bits.mask(7, 0) | Bits.bit(9) | Bits.mask(13, 12);
    long traps = Bits.bit(8) | Bits.bit(10) | Bits.bit(20) | Bits.bit(30); // TZ, TFP, TTA, TAM
    assertEquals(res1 | traps, CptrEl2.TRAP_ALL);
    assertEquals(Bits.bit(10), CptrEl2.TRAP_ALL ^ CptrEl2.ALLOW_FP);
  }

  private static void assertBits(long value, int... bits) {
    long expected = 0;
    for (int bit : bits) {
      expected |= Bits.bit(bit);
    }
    assertEquals(Long.toHexString(expected), Long.toHexString(value));
  }

  private static final SysReg[] LATER = {
    SysReg.HFGRTR_EL2,
    SysReg.HFGWTR_EL2,
    SysReg.HFGITR_EL2,
    SysReg.HDFGRTR_EL2,
    SysReg.HDFGWTR_EL2,
    SysReg.HAFGRTR_EL2,
    SysReg.HFGRTR2_EL2,
    SysReg.HFGWTR2_EL2,
    SysReg.HFGITR2_EL2,
    SysReg.HDFGRTR2_EL2,
    SysReg.HDFGWTR2_EL2,
    SysReg.HCRX_EL2,
    SysReg.MPAM2_EL2,
  };

  /** Unknown at reset. A CPU that lacks one takes an exception on any access. */
  @Test
  void laterControlsAreWrittenWhereTheyExistAndOnlyThere() {
    FreshImage.run(WithFeatures.class);
    FreshImage.run(WithoutFeatures.class);
  }

  static final class WithFeatures implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.cpu(0).setRegister(SysReg.ID_AA64MMFR0_EL1, Bits.put(0x10_1122L, 59, 56, 2));
      bench.cpu(0).setRegister(SysReg.ID_AA64MMFR1_EL1, Bits.put(0x1021_2122L, 43, 40, 1));
      long pfr0 = Bits.put(Bits.put(0x1100_0000_1111_0112L, 43, 40, 1), 47, 44, 1);
      bench.cpu(0).setRegister(SysReg.ID_AA64PFR0_EL1, pfr0);
      for (SysReg register : LATER) {
        bench.cpu(0).setRegister(register, -1);
      }
      bench.machine.run(() -> bench.start());
      for (SysReg register : LATER) {
        long expected = register == SysReg.MPAM2_EL2 ? Bits.mask(49, 48) : 0;
        assertEquals(expected, bench.cpu(0).register(register), register.toString());
      }
    }
  }

  static final class WithoutFeatures implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      for (SysReg register : LATER) {
        bench.cpu(0).onWrite(register, value -> fail(register));
      }
      bench.machine.run(() -> bench.start());
    }

    private static void fail(SysReg register) {
      throw new AssertionError(register + " is not there");
    }
  }
}
