package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.arch.gic.Gicd;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.GuestTimer;
import ristretto.driver.gic.Gicv2;
import ristretto.machine.SysReg;
import ristretto.vdev.gic.PhysicalGic;

class VgicTest {
  private static final int SPI = 40;

  private interface Body {
    void run(GicBench bench, Domain domain, Vcpu vcpu);
  }

  /** One CPU with a vCPU loaded whose controller is on. */
  private static void with(int version, Body body) {
    GicBench bench = new GicBench(version, 1, 4);
    bench.run(cpu -> {
      Domain domain = bench.domain(2);
      Vcpu vcpu = domain.vcpus[0];
      GicBench.load(vcpu);
      bench.enableGuest(domain);
      body.run(bench, domain, vcpu);
    });
  }

  private static void enablePrivate(GicBench bench, Domain domain, int vcpu, int bits) {
    int offset = bench.privateOffset(vcpu) + Gicd.ISENABLER;
    bench.privateBlock(domain).write(offset, 4, Integer.toUnsignedLong(bits));
  }

  private static void enableShared(Domain domain, int intid) {
    domain.vgic.distributor().write(Gicd.ISENABLER + 4, 4, 1L << (intid - 32));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anSgiToSelfIsDeliveredAndEndsWithoutTheHypervisor(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, 0xffff);
          sendSgi(version, domain, vcpu, 1);
          assertTrue(bench.guest().isSignalled());
          long before = bench.guest().accesses();
          assertEquals(1, bench.guest().acknowledge());
          bench.guest().end(1);
          assertFalse(bench.guest().isSignalled());
          assertEquals(before, bench.guest().accesses());
        });
  }

  private static void sendSgi(int version, Domain domain, Vcpu from, int to) {
    if (version == 3) {
      Vgic.sgi(from, 1L << 24 | 1);
    } else {
      domain.vgic.distributor().write(Gicd.SGIR, 4, 2 << 24 | 1);
    }
    assertEquals(1, to);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void injectionIntoEmptyListRegistersTouchesTheInterfaceTwice(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          long before = bench.guest().accesses();
          Vgic.inject(vcpu, 31);
          assertEquals(2, bench.guest().accesses() - before, "ELRSR read, list register written");
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anInterruptRaisedWhileActiveComesAgain(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          Vgic.inject(vcpu, 31);
          Vgic.inject(vcpu, 31); // once is enough
          assertEquals(31, bench.guest().acknowledge());
          Vgic.inject(vcpu, 31);
          assertFalse(bench.guest().isSignalled(), "active");
          bench.guest().end(31);
          assertEquals(31, bench.guest().acknowledge());
          bench.guest().end(31);
          assertFalse(bench.guest().isSignalled());
        });
  }

  /** What a kernel does that takes an interrupt over from a CPU which it has stopped. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anotherVcpuEndsAnInterruptThatIsActiveInAVcpuThatDoesNotRun(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          domain.vgic.distributor().write(Gicd.ISENABLER + 4, 4, 1L << 8);
          domain.vgic.distributor().write(Gicd.ITARGETSR + 40, 1, 1);
          Vgic.inject(vcpu, 40);
          assertEquals(40, bench.guest().acknowledge());
          GicBench.load(domain.vcpus[1]);
          domain.vgic.distributor().write(Gicd.ICACTIVER + 4, 4, 1L << 8);
          GicBench.load(vcpu);
          bench.takeInterrupts();
          assertEquals(0, domain.vgic.distributor().read(Gicd.ISACTIVER + 4, 4));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aDisabledInterruptStaysPendingUntilItIsEnabled(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          Vgic.inject(vcpu, 31);
          assertFalse(bench.guest().isSignalled());
          int pending = bench.privateOffset(0) + Gicd.ISPENDR;
          assertEquals(1L << 31, bench.privateBlock(domain).read(pending, 4));
          enablePrivate(bench, domain, 0, 1 << 31);
          assertEquals(31, bench.guest().acknowledge());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void disablingTakesAPendingInterruptOutOfItsListRegister(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          Vgic.inject(vcpu, 31);
          int disable = bench.privateOffset(0) + Gicd.ICENABLER;
          bench.privateBlock(domain).write(disable, 4, 1L << 31);
          assertFalse(bench.guest().isSignalled());
          enablePrivate(bench, domain, 0, -1);
          assertEquals(31, bench.guest().acknowledge());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void moreInterruptsThanListRegistersAllArriveMostUrgentFirst(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          for (int sgi = 0; sgi < 16; sgi++) {
            int offset = bench.privateOffset(0) + Gicd.IPRIORITYR + sgi;
            bench.privateBlock(domain).write(offset, 1, 0xf0 - 8 * sgi);
          }
          for (int sgi = 0; sgi < 16; sgi++) {
            Vgic.inject(vcpu, sgi);
          }
          for (int expected = 15; expected >= 0; expected--) {
            bench.takeInterrupts();
            assertEquals(expected, bench.guest().acknowledge());
            bench.guest().end(expected);
          }
          bench.takeInterrupts();
          assertFalse(bench.guest().isSignalled());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aLevelThatStaysHighComesAgainAfterItsEnd(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          Vgic.setLevel(vcpu, 30, true);
          assertEquals(30, bench.guest().acknowledge());
          bench.guest().end(30);
          bench.takeInterrupts();
          assertEquals(30, bench.guest().acknowledge());
          Vgic.setLevel(vcpu, 30, false);
          bench.guest().end(30);
          bench.takeInterrupts();
          assertFalse(bench.guest().isSignalled());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aLevelThatDropsBeforeTheAcknowledgeIsWithdrawn(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          Vgic.setLevel(vcpu, 30, true);
          assertTrue(bench.guest().isSignalled());
          Vgic.setLevel(vcpu, 30, false);
          assertFalse(bench.guest().isSignalled());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aPhysicalSpiIsDeactivatedByTheGuest(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          assertTrue(domain.vgic.giveInterrupt(SPI));
          enableShared(domain, SPI);
          for (int i = 0; i < 3; i++) {
            bench.gic.setLine(SPI, true);
            bench.takeInterrupts();
            assertTrue(bench.gic.model().isActive(0, SPI));
            assertEquals(SPI, bench.guest().acknowledge());
            bench.gic.setLine(SPI, false);
            bench.guest().end(SPI);
            assertFalse(bench.gic.model().isActive(0, SPI));
            bench.takeInterrupts();
            assertFalse(bench.guest().isSignalled());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aLevelDeviceThatNeverDropsInterruptsItsGuestOnly(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          assertTrue(domain.vgic.giveInterrupt(SPI));
          enableShared(domain, SPI);
          bench.gic.setLine(SPI, true);
          bench.takeInterrupts();
          assertFalse(bench.machine.cpu(0).interruptPending(), "active until the guest ends it");
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theVirtualTimersInterruptIsTiedToThePhysicalOne(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, 1 << 27);
          SysReg.CNTV_CVAL_EL0.write(0);
          SysReg.CNTV_CTL_EL0.write(1);
          bench.takeInterrupts();
          assertEquals(27, bench.guest().acknowledge());
          SysReg.CNTV_CTL_EL0.write(0);
          bench.guest().end(27);
          assertFalse(bench.gic.model().isActive(0, 27));
          assertEquals(PhysicalGic.SPURIOUS, bench.guest().acknowledge());
        });
  }

  /** The timer is due again before its interrupt has ended. See {@link Gicv2#lookAgain}. */
  @Test
  void aTimerInterruptThatAControllerOverlooksIsNotSleptThrough() {
    with(
        2,
        (bench, domain, vcpu) -> {
          bench.gic.model().overlookGuests();
          enablePrivate(bench, domain, 0, 1 << GuestTimer.VIRTUAL_TIMER);
          SysReg.CNTV_CVAL_EL0.write(0);
          SysReg.CNTV_CTL_EL0.write(1);
          bench.takeInterrupts();
          bench.guest().end(bench.guest().acknowledge());
          assertFalse(bench.machine.cpu(0).interruptPending(), "it is due, and nobody is told");
          bench.block(vcpu);
          Interrupts.awaitAndHandle();
          assertEquals(0, vcpu.pauses.get(), "woken");
          assertEquals(GuestTimer.VIRTUAL_TIMER, bench.guest().acknowledge());
          SysReg.CNTV_CTL_EL0.write(0);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theTimerOfAMaskedVcpuDoesNotStormAndIsForgottenWhenItIsQuietAgain(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          SysReg.CNTV_CVAL_EL0.write(0);
          SysReg.CNTV_CTL_EL0.write(1);
          bench.takeInterrupts();
          assertFalse(bench.machine.cpu(0).interruptPending());
          SysReg.CNTV_CTL_EL0.write(0);
          enablePrivate(bench, domain, 0, 1 << 27);
          assertFalse(bench.guest().isSignalled());
          assertFalse(bench.gic.model().isActive(0, 27));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aTimerInterruptMovesWithItsVcpu(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, 1 << 27);
          SysReg.CNTV_CVAL_EL0.write(0);
          SysReg.CNTV_CTL_EL0.write(1);
          bench.takeInterrupts();
          GicBench.load(domain.vcpus[1]); // pending, not acknowledged
          assertFalse(bench.gic.model().isActive(0, 27), "free for the next vCPU");
          bench.takeInterrupts();
          assertFalse(bench.guest().isSignalled());
          GicBench.load(vcpu);
          bench.takeInterrupts();
          assertEquals(27, bench.guest().acknowledge());
          GicBench.load(domain.vcpus[1]); // in the handler
          assertFalse(bench.gic.model().isActive(0, 27));
          GicBench.load(vcpu);
          assertTrue(bench.gic.model().isActive(0, 27));
          bench.takeInterrupts();
          SysReg.CNTV_CTL_EL0.write(0);
          bench.guest().end(27);
          assertFalse(bench.gic.model().isActive(0, 27));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aSleepingVcpusTimerWakesIt(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, 1 << 27);
          SysReg.CNTV_CVAL_EL0.write(SysReg.CNTVCT_EL0.read() + 500);
          SysReg.CNTV_CTL_EL0.write(1);
          bench.block(vcpu);
          GicBench.load(domain.vcpus[1]);
          assertEquals(PauseReason.BLOCKED, vcpu.pauses.get());
          while (SysReg.CNTPCT_EL0.read() < SysReg.CNTHP_CVAL_EL2.read() + 10) {
            Thread.onSpinWait();
          }
          bench.takeInterrupts();
          assertEquals(0, vcpu.pauses.get());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aTimerThatIsNeverDueIsNotArmed(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, 1 << 27);
          SysReg.CNTV_CVAL_EL0.write(-1);
          SysReg.CNTV_CTL_EL0.write(1);
          bench.block(vcpu);
          GicBench.load(domain.vcpus[1]);
          assertEquals(PauseReason.BLOCKED, vcpu.pauses.get());
          assertEquals(0, SysReg.CNTHP_CTL_EL2.read() & 1);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void interruptsOfAVcpuThatIsNotLoadedWaitForIt(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          enablePrivate(bench, domain, 0, -1);
          GicBench.load(domain.vcpus[1]);
          bench.block(vcpu);
          Vgic.inject(vcpu, 31);
          assertTrue(Vgic.hasDeliverable(vcpu));
          assertEquals(0, vcpu.pauses.get(), "woken");
          assertFalse(bench.guest().isSignalled(), "not this vCPU's");
          GicBench.load(vcpu);
          assertEquals(31, bench.guest().acknowledge());
          GicBench.load(domain.vcpus[1]);
          GicBench.load(vcpu);
          bench.guest().end(31);
          assertFalse(Vgic.hasDeliverable(vcpu));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anUnroutableSpiStaysPendingUntilItIsRouted(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          route(version, domain, 0x77);
          enableShared(domain, SPI);
          Vgic.inject(vcpu, SPI);
          assertEquals(version == 2, bench.guest().isSignalled(), "GICv2 masks absent CPUs");
          route(version, domain, version == 2 ? 1 : 0);
          assertTrue(bench.guest().isSignalled());
        });
  }

  private static void route(int version, Domain domain, int to) {
    if (version == 3) {
      domain.vgic.distributor().write(Gicd.IROUTER + 8 * SPI, 8, to);
    } else {
      domain.vgic.distributor().write(Gicd.ITARGETSR + SPI, 1, to);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aDestroyedDomainLeavesNoInterruptBehind(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          assertTrue(domain.vgic.giveInterrupt(SPI));
          assertFalse(domain.vgic.giveInterrupt(SPI), "taken");
          enableShared(domain, SPI);
          bench.gic.setLine(SPI, true);
          bench.takeInterrupts();
          GicBench.unload();
          domain.vgic.release();
          assertFalse(bench.gic.model().isActive(0, SPI));
          assertFalse(bench.machine.cpu(0).interruptPending());
          assertTrue(domain.vgic.giveInterrupt(SPI));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anInterruptOfNobodyIsDisabledAndCounted(int version) {
    with(
        version,
        (bench, domain, vcpu) -> {
          long before = Interrupts.unexpected();
          bench.driver.setTarget(SPI, 0);
          bench.driver.enable(0, SPI);
          bench.gic.setLine(SPI, true);
          bench.takeInterrupts();
          assertEquals(before + 1, Interrupts.unexpected());
          assertFalse(bench.machine.cpu(0).interruptPending());
        });
  }
}
