package ristretto.core.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.core.trap.SystemRegisterRules.Rule;
import ristretto.machine.SysReg;

class SystemRegisterRulesTest {
  @Test
  void debugRegistersReadAsZeroAndForget() {
    for (int n = 0; n < 16; n++) {
      for (int op2 = 4; op2 < 8; op2++) {
        int encoding = SysReg.encoding(2, 0, 0, n, op2);
        assertEquals(Rule.READ_ZERO_IGNORE_WRITE, SystemRegisterRules.of(encoding));
      }
    }
    assertEquals(Rule.READ_ZERO_IGNORE_WRITE, SystemRegisterRules.of(SysReg.OSLAR_EL1.encoding()));
    assertEquals(Rule.OS_LOCK_STATUS, SystemRegisterRules.of(SysReg.OSLSR_EL1.encoding()));
  }

  @Test
  void everyRegisterWithoutARuleIsUndefined() {
    int ruled = 0;
    for (int encoding = 0; encoding < 1 << 16; encoding++) {
      if (SystemRegisterRules.of(encoding) != Rule.UNDEFINED) {
        ruled++;
      }
    }
    assertEquals(64 + 2 + 13, ruled);
  }
}
