package ristretto.core.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;
import ristretto.machine.CpuLocal;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.SimulatedMachine;

class GuestMemoryTest {
  private static final long MIB = 1 << 20;
  private static final long RAM = 0x4000_0000L;
  private static final long OWN = RAM;
  private static final long GUEST_BASE = 0xffff_8000_0000_0000L;
  private static final long PAGE = 4096;

  /**
   * Guest pages 0 and 1 are RAM, 2 read-only RAM, 3 a device, 4 foreign, 5 not mapped; then RAM.
   */
  private void with(Consumer<Vcpu> body) {
    SimulatedMachine machine =
        new SimulatedMachine()
            .ram(RAM, 8 * MIB)
            .symbol(ImageSymbol.CPU_STACKS, ImageSymbol.LINK_BASE)
            .translation(GuestMemoryTest::stage1);
    machine.run(() -> {
      FrameSetup setup = new FrameSetup();
      setup.addBank(RAM, 8 * MIB);
      setup.reserve(OWN, MIB);
      assertTrue(setup.start());
      P2m p2m = new P2m(Frames.newAccount());
      assertEquals(Errno.OK, p2m.open());
      long frame = Frames.allocate(6, p2m.account(), FrameType.RAM);
      assertEquals(Errno.OK, p2m.map(0, frame, 1, P2mType.RAM_RW));
      assertEquals(Errno.OK, p2m.map(2, frame + 2, 0, P2mType.RAM_RO));
      assertEquals(Errno.OK, p2m.map(3, frame + 3, 0, P2mType.DEVICE));
      assertEquals(Errno.OK, p2m.map(4, frame + 4, 0, P2mType.FOREIGN));
      assertEquals(Errno.OK, p2m.mapRange(6, frame + 6, 32, P2mType.RAM_RW));
      Cpu cpu = new Cpu(0, 0, 0, 0);
      CpuLocal.set(cpu);
      Domain domain = new Domain(false, 1, Vgic.MAX_LINES, p2m);
      domain.open(1, 1);
      Vcpu vcpu = domain.vcpus[0];
      vcpu.open(OWN + 0x8_0000, cpu);
      cpu.vcpu = vcpu;
      body.accept(vcpu);
    });
  }

  /** The guest's stage 1: linear at GUEST_BASE, page 1 read-only. */
  private static long stage1(SimulatedCpu cpu, long virtual, boolean write, boolean both) {
    assertFalse(both);
    long ipa = virtual - GUEST_BASE;
    if (ipa < 0 || ipa >= 256 * PAGE || (write && ipa / PAGE == 1)) {
      return 1;
    }
    return 0xff00_0000_0000_0000L | (ipa & -PAGE);
  }

  @Test
  void copiesBothWays() {
    with(vcpu -> {
      Memory.store64(OWN, 0x1234_5678_9abc_def0L);
      Memory.store64(OWN + 8, 42);
      assertTrue(GuestMemory.copyOut(vcpu, GUEST_BASE + 0x123, OWN, 16));
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE + 0x123, OWN + 0x100, 16));
      assertEquals(0x1234_5678_9abc_def0L, Memory.load64(OWN + 0x100));
      assertEquals(42, Memory.load64(OWN + 0x108));
    });
  }

  @Test
  void crossesPages() {
    with(vcpu -> {
      Memory.store64(OWN + 2 * PAGE + 8, 7);
      long guest = GUEST_BASE + 7 * PAGE - 8;
      assertTrue(GuestMemory.copyOut(vcpu, guest, OWN, 2 * PAGE + 16));
      assertTrue(GuestMemory.copyIn(vcpu, guest + 2 * PAGE + 8, OWN + 4 * PAGE, 8));
      assertEquals(7, Memory.load64(OWN + 4 * PAGE));
    });
  }

  @Test
  void appliesTheGuestsOwnRights() {
    with(vcpu -> {
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE + PAGE, OWN, 8));
      assertFalse(GuestMemory.copyOut(vcpu, GUEST_BASE + PAGE, OWN, 8));
      assertFalse(GuestMemory.copyIn(vcpu, 0x1000, OWN, 8));
      assertEquals(-1, GuestMemory.toPhysical(GUEST_BASE + PAGE));
      assertEquals(0x123, GuestMemory.toPhysical(GUEST_BASE + 0x123));
    });
  }

  @Test
  void reachesOnlyTheDomainsOwnMemory() {
    with(vcpu -> {
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE + 2 * PAGE, OWN, 8));
      assertFalse(GuestMemory.copyOut(vcpu, GUEST_BASE + 2 * PAGE, OWN, 8));
      for (int page = 3; page <= 5; page++) {
        assertFalse(GuestMemory.copyIn(vcpu, GUEST_BASE + page * PAGE, OWN, 8));
        assertFalse(GuestMemory.copyOut(vcpu, GUEST_BASE + page * PAGE, OWN, 8));
      }
    });
  }

  @Test
  void movesNothingWhenALaterPageFails() {
    with(vcpu -> {
      Memory.store64(OWN, -1);
      Memory.store64(OWN + 8, -1);
      assertFalse(GuestMemory.copyOut(vcpu, GUEST_BASE + PAGE - 8, OWN, 16));
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE + PAGE - 8, OWN + 64, 8));
      assertEquals(0, Memory.load64(OWN + 64));
    });
  }

  @Test
  void refusesSizesThatWrapOrAreTooLarge() {
    with(vcpu -> {
      assertFalse(GuestMemory.copyIn(vcpu, GUEST_BASE, OWN, -1));
      assertFalse(GuestMemory.copyIn(vcpu, -8, OWN, 16));
      assertFalse(GuestMemory.copyIn(vcpu, GUEST_BASE + 6 * PAGE, OWN, GuestMemory.MOST + 1));
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE + 6 * PAGE, OWN, GuestMemory.MOST));
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE, OWN, 0));
    });
  }

  @Test
  void leavesPar() {
    with(vcpu -> {
      SysReg.PAR_EL1.write(0x77);
      assertTrue(GuestMemory.copyIn(vcpu, GUEST_BASE, OWN, 8));
      assertEquals(0x77, SysReg.PAR_EL1.read());
    });
  }

  @Test
  void copiesByIntermediatePhysicalAddress() {
    with(vcpu -> {
      Memory.store64(OWN, 99);
      assertTrue(GuestMemory.copyOutPhysical(vcpu.domain, PAGE, OWN, 8));
      assertTrue(GuestMemory.copyInPhysical(vcpu.domain, PAGE, OWN + 8, 8));
      assertEquals(99, Memory.load64(OWN + 8));
      assertFalse(GuestMemory.copyInPhysical(vcpu.domain, 5 * PAGE, OWN, 8));
      assertFalse(GuestMemory.copyInPhysical(vcpu.domain, -8, OWN, 8));
    });
  }
}
