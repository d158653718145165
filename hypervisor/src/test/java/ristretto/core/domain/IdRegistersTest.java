package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.lang.Bits;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedMachine;

class IdRegistersTest {
  private static final int PARANGE_40_BITS = 2;

  private final SimulatedMachine machine = new SimulatedMachine();

  @Test
  void offersNothingOfAFieldThatTheTableDoesNotName() {
    allOnes();
    IdRegisters registers = read(true);
    long pfr0 = registers.value(4, 0);
    assertEquals(0, Bits.get(pfr0, 35, 32), "SVE");
    assertEquals(0, Bits.get(pfr0, 31, 28), "RAS");
    assertEquals(0, Bits.get(pfr0, 47, 44), "AMU");
    assertEquals(0, Bits.get(pfr0, 11, 8), "EL2");
    assertEquals(0, Bits.get(registers.value(5, 0), 11, 8), "PMU");
    assertEquals(0, Bits.get(registers.value(4, 1), 11, 8), "MTE");
    assertEquals(0, Bits.get(registers.value(6, 1), 11, 4), "pointer authentication");
    assertEquals(0, registers.value(4, 4), "SVE features");
    assertEquals(0, registers.value(7, 3), "a register that nobody has decided about");
  }

  @Test
  void tellsTheGuestWhichInterruptControllerItHas() {
    assertEquals(1, Bits.get(read(true).value(4, 0), 27, 24));
    assertEquals(0, Bits.get(read(false).value(4, 0), 27, 24));
  }

  @Test
  void limitsPhysicalAddressesToStageTwo() {
    machine.cpu(0).setRegister(SysReg.ID_AA64MMFR0_EL1, 5);
    assertEquals(PARANGE_40_BITS, Bits.get(read(true).value(7, 0), 3, 0));
    machine.cpu(0).setRegister(SysReg.ID_AA64MMFR0_EL1, 1);
    assertEquals(1, Bits.get(read(true).value(7, 0), 3, 0));
  }

  private IdRegisters read(boolean gicSystemRegisters) {
    return machine.call(() -> new IdRegisters(gicSystemRegisters, PARANGE_40_BITS));
  }

  private void allOnes() {
    for (SysReg register : SysReg.values()) {
      if (register.name().startsWith("ID_")) {
        machine.cpu(0).setRegister(register, -1L);
      }
    }
  }
}
