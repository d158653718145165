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
  void singleStepAndIllegalStateDoNotSurviveTheEntry() {
    long steppedAndIllegal = Bits.bit(21) | Bits.bit(20);
    assertEquals(Pstate.MODE_EL1H | Pstate.DAIF, Pstate.onEntryToEl1(steppedAndIllegal, SPAN));
  }
}
