package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import ristretto.arch.gic.Gicd;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Residence;
import ristretto.core.time.GuestTimer;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.sim.Switching;

/** A vCPU switches its timer off on one CPU while another CPU finds that its time has come. */
class PhysicalTimerInterleavingTest {
  private static final int SEEDS = 150;
  private static final int RT = 3;

  @Test
  void aTimerThatIsSwitchedOffLeavesNoInterrupt() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new Case(seed).run();
    }
  }

  private static final class Case {
    private final long seed;
    private final GicBench bench = new GicBench(3, 2, 4);
    private @Nullable Domain domain;
    private volatile int step;

    Case(long seed) {
      this.seed = seed;
    }

    void run() {
      bench.machine.schedule(Switching.RANDOM, seed);
      bench.machine.runAll(this::arm, this::disarm);
    }

    /** CPU 0: the timer is armed here, and its vCPU leaves. */
    private void arm() {
      bench.startFirst();
      Domain made = bench.domain(1);
      Vcpu vcpu = made.vcpus[0];
      vcpu.residence = Residence.RUNNING;
      GicBench.load(vcpu);
      bench.enableGuest(made);
      bench
          .privateBlock(made)
          .write(bench.privateOffset(0) + Gicd.ISENABLER, 4, Integer.toUnsignedLong(-1));
      set(vcpu, SysReg.CNTP_CVAL_EL0, SysReg.CNTPCT_EL0.read() + 60 + seed * 7 % 150);
      set(vcpu, SysReg.CNTP_CTL_EL0, 1);
      GicBench.unload();
      domain = made;
      step = 1;
      while (step == 1 || bench.machine.cpu(0).interruptPending()) {
        bench.takeInterrupts();
        Hint.spin();
      }
      step = 3;
    }

    private void disarm() {
      waitFor(1);
      GicBench.startOther(1);
      Vcpu vcpu = Objects.requireNonNull(domain).vcpus[0];
      GicBench.load(vcpu);
      set(vcpu, SysReg.CNTP_CTL_EL0, 0);
      step = 2;
      waitFor(3);
      bench.takeInterrupts();
      vcpu.vgic.readMail();
      boolean pending =
          (bench.privateBlock(vcpu.domain).read(bench.privateOffset(0) + Gicd.ISPENDR, 4)
                      >>> GuestTimer.PHYSICAL_TIMER
                  & 1)
              != 0;
      assertFalse(pending, "seed " + seed);
      assertTrue(vcpu.vgic.isLoadedHere());
    }

    private static void set(Vcpu vcpu, SysReg register, long value) {
      vcpu.frame.setX(RT, value);
      GuestTimer.access(vcpu, register.encoding(), false, RT);
    }

    private void waitFor(int wanted) {
      while (step < wanted) {
        Hint.spin();
      }
    }
  }
}
