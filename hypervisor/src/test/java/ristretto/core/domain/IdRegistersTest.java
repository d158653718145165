package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.lang.Bits;
import ristretto.machine.SysReg;
import ristretto.sim.CpuModel;
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

  @Test
  void tellsClassesApart() {
    SimulatedMachine mixed = new SimulatedMachine(4);
    CpuModel[] models = {
      CpuModel.CORTEX_A55, CpuModel.CORTEX_A55, CpuModel.CORTEX_A76, CpuModel.CORTEX_A55
    };
    for (int i = 0; i < models.length; i++) {
      models[i].applyTo(mixed.cpu(i));
    }
    // The same part with another level 2 cache.
    mixed.cpu(3).onRead(SysReg.CCSIDR_EL1, () -> 0x703f_e03aL);
    IdRegisters[] read = new IdRegisters[models.length];
    Runnable[] bodies = new Runnable[models.length];
    for (int i = 0; i < models.length; i++) {
      int index = i;
      bodies[i] =
          () -> {
            read[index] = new IdRegisters();
            read[index].readThisCpu();
          };
    }
    mixed.runAll(bodies);
    assertTrue(read[0].isLike(read[1]));
    assertFalse(read[0].isLike(read[2]));
    assertFalse(read[0].isLike(read[3]));
    assertEquals(0x414f_d0b1L, read[2].midr());
  }

  /** Fields are signed: all ones says that there is none; but counts of breakpoints are not. */
  @Test
  void offersWhatBothHave() {
    machine.cpu(0).setRegister(SysReg.ID_AA64PFR0_EL1, 0x1100_0000_0011_2222L);
    machine.cpu(0).setRegister(SysReg.ID_AA64ISAR0_EL1, 0x0000_1000_1021_0000L);
    machine.cpu(0).setRegister(SysReg.ID_AA64DFR0_EL1, 0xf0_5008L);
    IdRegisters one = read(false);
    machine.cpu(0).setRegister(SysReg.ID_AA64PFR0_EL1, 0x1000_0000_00f1_2222L);
    machine.cpu(0).setRegister(SysReg.ID_AA64ISAR0_EL1, 0x0000_1000_0011_1120L);
    machine.cpu(0).setRegister(SysReg.ID_AA64DFR0_EL1, 0x10_5006L);
    IdRegisters other = read(false);
    one.limitTo(other);
    other.limitTo(one);
    assertEquals(0x1000_0000_00f1_0022L, one.value(4, 0));
    assertEquals(0x0000_1000_0011_0000L, one.value(6, 0));
    assertEquals(0x10_5006L, one.value(5, 0));
    assertEquals(one.value(4, 0), other.value(4, 0));
  }

  private IdRegisters read(boolean gicSystemRegisters) {
    return machine.call(() -> {
      IdRegisters.offerGicSystemRegisters(gicSystemRegisters);
      IdRegisters registers = new IdRegisters();
      registers.readThisCpu();
      return registers;
    });
  }

  private void allOnes() {
    for (SysReg register : SysReg.values()) {
      if (register.name().startsWith("ID_")) {
        machine.cpu(0).setRegister(register, -1L);
      }
    }
  }
}
