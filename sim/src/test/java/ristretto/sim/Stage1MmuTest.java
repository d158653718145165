package ristretto.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ristretto.arch.Stage1Descriptor;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.machine.Tlb;

class Stage1MmuTest {
  private static final long RAM = 0x4000_0000L;
  private static final long TABLES = RAM;
  private static final long BLOCK = RAM + 0x20_0000;
  private static final long VIRTUAL = 0x40_0000;

  private final SimulatedMachine machine = new SimulatedMachine().ram(RAM, 16 << 20);

  /** RAM one to one at level 1, and VIRTUAL by a block at level 2 and pages at level 3. */
  @BeforeEach
  void buildTables() {
    machine.run(() -> {
      long levelOne = TABLES + 0x1000;
      long levelTwo = TABLES + 0x2000;
      long levelThree = TABLES + 0x3000;
      Memory.store64(TABLES, Stage1Descriptor.table(levelOne).bits());
      Memory.store64(levelOne, Stage1Descriptor.table(levelTwo).bits());
      Memory.store64(levelOne + 8, Stage1Descriptor.normal().at(RAM).bits());
      Memory.store64(levelTwo + 8, Stage1Descriptor.table(levelThree).bits());
      Memory.store64(levelTwo + 16, Stage1Descriptor.normal().at(BLOCK).bits());
      mapPage(BLOCK + 0x5000, false);
      SysReg.TTBR0_EL2.write(TABLES);
      SysReg.SCTLR_EL2.write(1);
    });
  }

  private static void mapPage(long physical, boolean readOnly) {
    Stage1Descriptor page = Stage1Descriptor.normal().at(physical).asPage();
    Memory.store64(TABLES + 0x3000, (readOnly ? page.readOnly() : page).bits());
  }

  @Test
  void followsBlocksAndPages() {
    machine.run(() -> {
      Memory.store64(BLOCK + 0x1238, 7);
      assertEquals(7, Memory.load64(VIRTUAL + 0x1238));
      Memory.store64(BLOCK + 0x5008, 8);
      assertEquals(8, Memory.load64(0x20_0008));
    });
  }

  @Test
  void refusesWhatIsNotMapped() {
    SimulationError error =
        assertThrows(SimulationError.class, () -> machine.run(() -> Memory.load8(0x20_1000)));
    assertTrue(error.getMessage().contains("level 3 fault"), error.getMessage());
    assertThrows(SimulationError.class, () -> machine.run(() -> Memory.load8(0x8000_0000L)));
  }

  @Test
  void refusesWritesToReadOnlyPages() {
    machine.run(() -> mapPage(BLOCK, true));
    assertEquals(0L, machine.call(() -> Memory.load64(0x20_0000)));
    assertThrows(SimulationError.class, () -> machine.run(() -> Memory.store8(0x20_0000, 1)));
    assertThrows(SimulationError.class, () -> machine.run(() -> Memory.zero(0x1f_f000, 0x1001)));
  }

  @Test
  void keepsOldTranslationsUntilTheyAreInvalidated() {
    machine.run(() -> {
      Memory.store64(BLOCK, 1);
      Memory.store64(BLOCK + 0x5000, 5);
      assertEquals(5, Memory.load64(0x20_0000));
      mapPage(BLOCK, false);
      assertEquals(5, Memory.load64(0x20_0000));
      Tlb.vae2is(0x20_0000 >>> 12);
      assertEquals(1, Memory.load64(0x20_0000));
      mapPage(BLOCK + 0x5000, false);
      Tlb.alle2();
      assertEquals(5, Memory.load64(0x20_0000));
    });
  }

  @Test
  void copiesAcrossPagesThatAreNotNeighbours() {
    machine.run(() -> {
      Memory.store64(TABLES + 0x3008, Stage1Descriptor.normal().at(BLOCK).asPage().bits());
      Memory.store64(RAM + 0x10_0000, 0x1122_3344_5566_7788L);
      Memory.copy(0x20_0ffc, RAM + 0x10_0000, 8);
      assertEquals(0x5566_7788, Memory.load32(BLOCK + 0x5ffc));
      assertEquals(0x1122_3344, Memory.load32(BLOCK));
      Memory.zero(0x20_0ffe, 4);
      assertEquals(0x7788, Memory.load32(BLOCK + 0x5ffc));
      assertEquals(0x1122_0000, Memory.load32(BLOCK));
    });
  }
}
