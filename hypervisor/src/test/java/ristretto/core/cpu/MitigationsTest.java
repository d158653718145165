package ristretto.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedMachine;

class MitigationsTest {
  @ParameterizedTest
  @CsvSource({
    "A53, 410fd034, 0, 0, VECTORS_PLAIN, false",
    "A55, 411fd050, 1, 0, VECTORS_PLAIN, false",
    "A72 r0p3, 410fd083, 0, 0, VECTORS_PLAIN, true",
    "A72 r1p0, 411fd080, 1, 0, VECTORS_LOOP8, false",
    "A76, 414fd0b1, 1, 0, VECTORS_LOOP24, false",
    "A76 and CSV2_3, 414fd0b1, 3, 0, VECTORS_PLAIN, false",
    "A78 and ECBHB, 411fd410, 1, 1, VECTORS_PLAIN, false",
    "A78, 411fd410, 1, 0, VECTORS_LOOP32, false",
    "another company's, 610f0d0b, 0, 0, VECTORS_PLAIN, false",
  })
  void choosesTheTable(
      String name, String midr, long csv2, long ecbhb, ImageSymbol table, boolean firmware) {
    SimulatedMachine machine = new SimulatedMachine().ram(0x4000_0000, 1 << 20);
    machine.image(0x4000_0000, 1 << 20);
    machine.cpu(0).setRegister(SysReg.MIDR_EL1, Long.parseLong(midr, 16));
    machine.cpu(0).setRegister(SysReg.ID_AA64PFR0_EL1, csv2 << 56);
    machine.cpu(0).setRegister(SysReg.ID_AA64MMFR1_EL1, ecbhb << 60);
    machine.run(() -> {
      assertEquals(table.address(), Mitigations.vectors(), name);
      assertEquals(firmware, Mitigations.needsFirmware(), name);
    });
  }
}
