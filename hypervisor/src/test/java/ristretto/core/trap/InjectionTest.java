package ristretto.core.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.arch.Pstate;
import ristretto.lang.Bits;

class InjectionTest {
  private static final long SPAN = Bits.bit(23);
  private static final long PAN = Bits.bit(22);
  private static final long NZCV = Bits.mask(31, 28);

  @Test
  void entryToEl1KeepsFlagsAndMasksEverything() {
    long entered = Pstate.onEntryToEl1(NZCV | Pstate.MODE_EL0T, SPAN);
    assertEquals(NZCV | Pstate.MODE_EL1H | Pstate.DAIF, entered);
  }

  @Test
  void entryToEl1SetsPanUnlessTheKernelSaysOtherwise() {
    assertEquals(PAN, Pstate.onEntryToEl1(Pstate.MODE_EL1H, 0) & PAN);
    assertEquals(0, Pstate.onEntryToEl1(Pstate.MODE_EL1H, SPAN) & PAN);
    assertEquals(PAN, Pstate.onEntryToEl1(Pstate.MODE_EL1H | PAN, SPAN) & PAN);
  }

  @Test
  void aCompletedInstructionLeavesNoBranchTypeAndNoStep() {
    long mode = NZCV | Pstate.MODE_EL0T | PAN;
    assertEquals(mode, Pstate.afterInstruction(mode));
    assertEquals(mode, Pstate.afterInstruction(mode | Bits.mask(11, 10)));
    assertEquals(mode, Pstate.afterInstruction(mode | Bits.bit(21)));
  }

  /** ITSTATE of ITTE EQ: 0b0000_0110 (the block's four shapes of instructions), by hand. */
  @Test
  void aCompletedInstructionOfAnItBlockAdvancesIt() {
    assertEquals(itState(0b0000_1100), Pstate.afterInstruction(itState(0b0000_0110)));
    assertEquals(itState(0b0001_1000), Pstate.afterInstruction(itState(0b0000_1100)));
    assertEquals(itState(0), Pstate.afterInstruction(itState(0b0001_1000)));
    assertEquals(itState(0), Pstate.afterInstruction(itState(0)));
  }

  /** PSTATE of AArch32 user mode in T32. */
  private static long itState(int it) {
    return Pstate.MODE_AARCH32 | Bits.bit(5) | (long) (it >>> 2) << 10 | (long) (it & 3) << 25;
  }

  @Test
  void singleStepAndIllegalStateDoNotSurviveTheEntry() {
    long steppedAndIllegal = Bits.bit(21) | Bits.bit(20);
    assertEquals(Pstate.MODE_EL1H | Pstate.DAIF, Pstate.onEntryToEl1(steppedAndIllegal, SPAN));
  }
}
