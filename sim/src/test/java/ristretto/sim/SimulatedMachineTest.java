package ristretto.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.machine.Barrier;
import ristretto.machine.Cache;
import ristretto.machine.CpuLocal;
import ristretto.machine.Firmware;
import ristretto.machine.Hint;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.vdev.MmioDevice;

class SimulatedMachineTest {
  private static final long RAM = 0x4000_0000L;

  private final SimulatedMachine machine = new SimulatedMachine().ram(RAM, 4 << 20);

  @Test
  void keepsWhatWasStoredInEveryWidth() {
    machine.run(() -> {
      Memory.store64(RAM, 0x8877_6655_4433_2211L);
      assertEquals(0x11, Memory.load8(RAM));
      assertEquals(0x8877, Memory.load16(RAM + 6));
      assertEquals(0x8877_6655, Memory.load32(RAM + 4));
      Memory.store32(RAM, -1);
      assertEquals(0x8877_6655_ffff_ffffL, Memory.load64(RAM));
      Memory.store16(RAM + 8, 0x1_abcd);
      assertEquals(0xabcdL, Memory.load64(RAM + 8));
    });
  }

  @Test
  void keepsWordsThatCrossAChunk() {
    long edge = RAM + Ram.CHUNK - 3;
    machine.run(() -> {
      Memory.store64(edge, 0x0102_0304_0506_0708L);
      assertEquals(0x0102_0304_0506_0708L, Memory.load64(edge));
      assertEquals(0x05, Memory.load8(edge + 3));
    });
  }

  @Test
  void namesAddressAndLineOfAnUnmappedAccess() {
    SimulationError error =
        assertThrows(SimulationError.class, () -> machine.run(() -> Memory.load32(0x1234_5000L)));
    assertTrue(error.getMessage().contains("0x12345000"), error.getMessage());
    assertTrue(error.getMessage().contains("SimulatedMachineTest.java:"), error.getMessage());
  }

  @Test
  void neverMapsTheNullPage() {
    SimulatedMachine low = new SimulatedMachine().ram(0, 1 << 20);
    assertThrows(SimulationError.class, () -> low.run(() -> Memory.load64(8)));
    low.run(() -> Memory.store64(0x1000, 1));
  }

  @Test
  void routesAccessesToDevices() {
    long[] seen = new long[3];
    MmioDevice device =
        new MmioDevice() {
          @Override
          public long read(int offset, int size) {
            return -1L;
          }

          @Override
          public void write(int offset, int size, long value) {
            seen[0] = offset;
            seen[1] = size;
            seen[2] = value;
          }
        };
    machine.map(0x900_0000, 0x1000, device);
    machine.run(() -> {
      Memory.store32(0x900_0ffc, -2);
      assertEquals(0xffff, Memory.load16(0x900_0000));
    });
    assertArrayEquals(new long[] {0xffc, 4, 0xffff_fffeL}, seen);
    assertThrows(SimulationError.class, () -> machine.run(() -> Memory.load32(0x900_0002)));
    assertThrows(SimulationError.class, () -> machine.run(() -> Memory.load64(0x900_0ffc)));
  }

  @Test
  void exchangesOnlyWhatWasExpected() {
    machine.run(() -> {
      Memory.store32(RAM, -7);
      assertEquals(-7, Memory.compareAndExchange32(RAM, -8, 1));
      assertEquals(-7, Memory.compareAndExchange32(RAM, -7, 1));
      assertEquals(1, Memory.load32(RAM));
    });
  }

  @Test
  void copiesAndZeroesBlocksAcrossChunks() {
    machine.run(() -> {
      for (int i = 0; i < 1000; i++) {
        Memory.store8(RAM + i, i);
      }
      Memory.copy(RAM + Ram.CHUNK - 500, RAM, 1000);
      Memory.zero(RAM + Ram.CHUNK - 1, 2);
      for (int i = 0; i < 1000; i++) {
        int expected = i == 499 || i == 500 ? 0 : i & 0xff;
        assertEquals(expected, Memory.load8(RAM + Ram.CHUNK - 500 + i));
      }
    });
  }

  @Test
  void recordsMaintenanceAndReallyZeroesBlocks() {
    machine.run(() -> {
      Memory.store64(RAM + 0x78, -1);
      Memory.store64(RAM + 0x80, -1);
      Cache.zeroBlock(RAM + 0x50);
      Cache.clean(RAM);
      Barrier.dsbIsh();
      assertEquals(0, Memory.load64(RAM + 0x78));
      assertEquals(-1, Memory.load64(RAM + 0x80));
    });
    assertEquals(
        List.of(
            new Maintained(0, Maintenance.DC_ZVA, RAM + 0x50),
            new Maintained(0, Maintenance.DC_CVAC, RAM),
            new Maintained(0, Maintenance.DSB_ISH, 0)),
        machine.maintenance());
  }

  @Test
  void keepsSystemRegistersAndHooks() {
    machine.cpu(0).onRead(SysReg.ISR_EL1, () -> 0x80);
    machine.run(() -> {
      SysReg.HCR_EL2.write(0x1234);
      assertEquals(0x1234, SysReg.HCR_EL2.read());
      assertEquals(0x80, SysReg.ISR_EL1.read());
      assertEquals(SimulatedMachine.COUNTER_FREQUENCY, SysReg.CNTFRQ_EL0.read());
    });
    assertThrows(SimulationError.class, () -> machine.run(SysReg.ICC_IAR1_EL1::read));
  }

  @Test
  void showsTheImageAtItsLinkAddress() {
    machine.image(RAM + (2 << 20), 1 << 20);
    machine.run(() -> {
      assertEquals(RAM + (2 << 20), Memory.load64(ImageSymbol.LOAD_ADDRESS.address()));
      Memory.store64(RAM + (2 << 20), 5);
      assertEquals(5, Memory.load64(ImageSymbol.TEXT_START.address()));
    });
  }

  @Test
  void keepsOneObjectACpu() {
    machine.run(() -> {
      assertEquals(null, CpuLocal.get());
      CpuLocal.set("here");
      assertEquals("here", CpuLocal.get());
    });
  }

  @Test
  void sleepsUntilTheTimerRings() {
    machine.run(() -> {
      SysReg.CNTHP_TVAL_EL2.write(1_000_000);
      SysReg.CNTHP_CTL_EL2.write(1);
      Hint.waitForInterrupt();
      assertTrue(SysReg.CNTPCT_EL0.read() >= 1_000_000);
      assertEquals(5, SysReg.CNTHP_CTL_EL2.read());
      assertTrue(machine.cpu(0).isPpiHigh(26));
      SysReg.CNTHP_CTL_EL2.write(2);
      assertTrue(!machine.cpu(0).isPpiHigh(26));
    });
  }

  @Test
  void countsVirtualTimeFromTheOffset() {
    machine.run(() -> {
      SysReg.CNTVOFF_EL2.write(-1000);
      assertTrue(SysReg.CNTVCT_EL0.read() - SysReg.CNTPCT_EL0.read() > 900);
      SysReg.CNTV_CVAL_EL0.write(500);
      SysReg.CNTV_CTL_EL0.write(1);
      assertTrue(machine.cpu(0).isPpiHigh(27));
      SysReg.CNTVOFF_EL2.write(0);
      assertTrue(!machine.cpu(0).isPpiHigh(27));
    });
  }

  @Test
  void reportsADeadlockWithTheSleeper() {
    SimulationError error =
        assertThrows(SimulationError.class, () -> machine.run(Hint::waitForInterrupt));
    assertTrue(error.getMessage().contains("deadlock"), error.getMessage());
    assertTrue(error.getMessage().contains("cpu 0 WAITING"), error.getMessage());
  }

  @Test
  void reportsALivelock() {
    machine.stepLimit(1000);
    SimulationError error =
        assertThrows(
            SimulationError.class,
            () ->
                machine.run(() -> {
                  while (Memory.load8(RAM) == 0) {
                    Hint.spin();
                  }
                }));
    assertTrue(error.getMessage().contains("SimulatedMachineTest"), error.getMessage());
  }

  @Test
  void endsAtPowerOff() {
    machine.run(() -> {
      smc(0x8400_0000L);
      assertEquals(0x1_0001, Memory.load64(RAM));
      smc(0x8400_0077L);
      assertEquals(-1, Memory.load64(RAM));
      smc(0x8400_0008L);
      throw new AssertionError("went on after SYSTEM_OFF");
    });
    assertEquals(Outcome.POWER_OFF, machine.outcome());
  }

  private static void smc(long function) {
    Memory.store64(RAM, function);
    Firmware.call(RAM);
  }
}
