package ristretto.driver.gic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.arch.gic.ListRegister;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedGic;
import ristretto.sim.SimulatedMachine;

/** The drivers against the model of the controller: each tests the other. */
class GicDriverTest {
  private static final int SPI = 40;
  private static final int PPI = 20;

  private final SimulatedMachine machine = new SimulatedMachine(2);

  private SimulatedGic model(int version) {
    machine.cpu(0).setRegister(SysReg.MPIDR_EL1, 0x8000_0300L);
    machine.cpu(1).setRegister(SysReg.MPIDR_EL1, 0x12_8000_0011L);
    return version == 3 ? SimulatedGic.v3(machine, 96, 4) : SimulatedGic.v2(machine, 96, 4);
  }

  private static Gic driver(int version) {
    if (version == 3) {
      long[] bases = {SimulatedGic.REDISTRIBUTORS};
      return new Gicv3(
          SimulatedGic.DISTRIBUTOR, new Redistributors(bases, new long[] {0x4_0000}, 0), 2);
    }
    return new Gicv2(
        SimulatedGic.DISTRIBUTOR, SimulatedGic.CPU_INTERFACE, SimulatedGic.VIRTUAL_CONTROL, 2);
  }

  private static Gic started(int version) {
    Gic gic = driver(version);
    assertEquals(GicStart.STARTED, gic.startDistributor());
    assertEquals(GicStart.STARTED, gic.startCpu(0, SysReg.MPIDR_EL1.read()));
    return gic;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void learnsTheShapeOfTheController(int version) {
    SimulatedGic unused = model(version);
    machine.run(() -> {
      Gic gic = started(version);
      assertEquals(96, gic.lines());
      assertEquals(4, gic.listRegisters());
      assertEquals(0xf, gic.emptyListRegisters());
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anSpiIsActiveFromAcknowledgeToDeactivation(int version) {
    SimulatedGic model = model(version);
    machine.run(() -> {
      Gic gic = started(version);
      gic.setTarget(SPI, 0);
      gic.enable(0, SPI);
      assertEquals(1023, Gic.intid(gic.acknowledge()));
      model.setLine(SPI, true);
      assertTrue(machine.cpu(0).interruptPending());
      int acknowledged = gic.acknowledge();
      assertEquals(SPI, Gic.intid(acknowledged));
      gic.dropPriority(acknowledged);
      assertTrue(gic.isActive(0, SPI));
      assertFalse(machine.cpu(0).interruptPending(), "active, though the level is high");
      gic.deactivate(acknowledged);
      assertTrue(machine.cpu(0).interruptPending(), "the level is high still");
      model.setLine(SPI, false);
      assertFalse(machine.cpu(0).interruptPending());
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anEdgeIsKeptUntilItIsAcknowledged(int version) {
    SimulatedGic model = model(version);
    machine.run(() -> {
      Gic gic = started(version);
      gic.setEdge(0, SPI, true);
      gic.setTarget(SPI, 0);
      model.setLine(SPI, true);
      model.setLine(SPI, false);
      assertTrue(gic.isPending(0, SPI));
      gic.enable(0, SPI);
      int acknowledged = gic.acknowledge();
      assertEquals(SPI, Gic.intid(acknowledged));
      assertFalse(gic.isPending(0, SPI));
      gic.dropPriority(acknowledged);
      gic.deactivate(acknowledged);
      assertEquals(1023, Gic.intid(gic.acknowledge()));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aDisabledInterruptIsNotSignalled(int version) {
    SimulatedGic model = model(version);
    machine.run(() -> {
      Gic gic = started(version);
      gic.setTarget(SPI, 0);
      gic.enable(0, SPI);
      gic.enable(0, PPI);
      model.setLine(SPI, true);
      model.model().setPrivateLine(0, PPI, true);
      gic.disable(0, SPI);
      gic.disable(0, PPI);
      assertFalse(machine.cpu(0).interruptPending());
      assertTrue(gic.isPending(0, SPI));
      assertTrue(gic.isPending(0, PPI));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anSgiReachesTheCpuItIsFor(int version) {
    SimulatedGic unused = model(version);
    int[] taken = new int[2];
    machine.run(() -> {
      Gic gic = started(version);
      gic.sendSgi(0, 5);
      int acknowledged = gic.acknowledge();
      taken[0] = Gic.intid(acknowledged);
      gic.dropPriority(acknowledged);
      gic.deactivate(acknowledged);
    });
    assertEquals(5, taken[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anSgiCrossesClusters(int version) {
    SimulatedGic unused = model(version);
    Gic gic = driver(version);
    int[] taken = {1023};
    boolean[] ready = new boolean[1];
    machine.runAll(
        () -> {
          assertEquals(GicStart.STARTED, gic.startDistributor());
          assertEquals(GicStart.STARTED, gic.startCpu(0, SysReg.MPIDR_EL1.read()));
          while (!ready[0]) {
            ristretto.machine.Hint.spin();
          }
          gic.sendSgi(1, 7);
          gic.setTarget(SPI, 1);
        },
        () -> {
          while (gic.lines() == 0) {
            ristretto.machine.Hint.spin();
          }
          assertEquals(GicStart.STARTED, gic.startCpu(1, SysReg.MPIDR_EL1.read()));
          ready[0] = true;
          ristretto.machine.Hint.waitForInterrupt();
          int acknowledged = gic.acknowledge();
          taken[0] = Gic.intid(acknowledged);
          gic.dropPriority(acknowledged);
          gic.deactivate(acknowledged);
          assertFalse(gic.isActive(1, 7));
        });
    assertEquals(7, taken[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aListRegisterComesBackAsWritten(int version) {
    SimulatedGic unused = model(version);
    machine.run(() -> {
      Gic gic = started(version);
      ListRegister software = ListRegister.pending(40, 0xa0).withEndInterrupt();
      ListRegister hardware = ListRegister.pending(41, 0x50).withHardware(41);
      gic.writeListRegister(0, software.bits());
      gic.writeListRegister(3, hardware.withPending(false).withActive(true).bits());
      assertEquals(software, new ListRegister(gic.readListRegister(0)));
      ListRegister held = new ListRegister(gic.readListRegister(3));
      assertTrue(held.isHardware() && held.isActive() && !held.isPending());
      assertEquals(41, held.intid());
      assertEquals(41, held.physical());
      assertEquals(0x50, held.priority());
      assertEquals(0b0110, gic.emptyListRegisters());
    });
  }

  @Test
  void aCpuWithoutARedistributorIsReported() {
    SimulatedGic unused = model(3);
    machine.run(() -> {
      Gic gic = driver(3);
      assertEquals(GicStart.STARTED, gic.startDistributor());
      assertEquals(GicStart.NO_REDISTRIBUTOR, gic.startCpu(0, 0x8000_0700L));
    });
  }

  @Test
  void aDistributorThatNeverSettlesIsReportedAndNotWaitedForForEver() {
    machine.map(
        SimulatedGic.DISTRIBUTOR,
        0x1_0000,
        new ristretto.vdev.MmioDevice() {
          @Override
          public long read(int offset, int size) {
            return offset == 0 ? 0x8000_0000L : 0;
          }

          @Override
          public void write(int offset, int size, long value) {}
        });
    machine.ticksPerStep(100_000);
    machine.run(() -> assertEquals(GicStart.DISTRIBUTOR_STUCK, driver(3).startDistributor()));
  }
}
