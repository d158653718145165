package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.core.domain.Vcpu;
import ristretto.driver.timer.GenericTimer;
import ristretto.sim.FreshImage;

/** Budgets and deadlines on simulated CPUs. */
class RtdsTest {
  /** Looks at the end of each vCPU's period whether it has had its budget. */
  abstract static class Periods extends LoadedMachine {
    private final int[][] millis;
    private final boolean extra;
    private int misses;

    Periods(int cpus, boolean extra, int[]... periodsAndBudgets) {
      super(cpus, 2000, DomctlScheduler.RTDS);
      this.millis = periodsAndBudgets;
      this.extra = extra;
    }

    @Override
    void prepare() {
      domain(millis.length);
      long now = GenericTimer.counter(); // periods begin with the machine's time
      for (int i = 0; i < millis.length; i++) {
        Vcpu vcpu = vcpus.get(i);
        int[] server = millis[i];
        RealTime.set(vcpu, server[0] * 1000, server[1] * 1000, extra, now);
        double[] had = new double[1];
        for (int time = server[0]; time < 2000; time += server[0]) {
          at(time + 0.02, () -> look(vcpu, server[1], had)); // and what a switch takes
        }
      }
    }

    /** After each of its periods, which begin together with the machine's time. */
    private void look(Vcpu vcpu, int budget, double[] had) {
      double ran = ran(vcpu);
      if (ran - had[0] < budget - 0.1) {
        misses++;
      }
      had[0] = ran;
    }

    @Override
    void check() {
      assertEquals(0, misses, "deadlines missed");
      for (int i = 0; i < millis.length; i++) {
        double share = 2000.0 * millis[i][1] / millis[i][0];
        double ran = ran(vcpus.get(i));
        assertTrue(ran > 0.99 * share, "vCPU " + i + " ran " + ran);
        assertTrue(extra || ran < 1.01 * share + 1, "vCPU " + i + " ran " + ran);
      }
    }
  }

  @Test
  void noDeadlineIsMissedAt90PercentOfACpu() {
    FreshImage.run(OneCpu.class);
  }

  static final class OneCpu extends Periods {
    OneCpu() {
      super(1, false, new int[] {10, 3}, new int[] {20, 6}, new int[] {50, 10}, new int[] {40, 4});
    }
  }

  @Test
  void noDeadlineIsMissedAt90PercentOfFourCpus() {
    FreshImage.run(FourCpus.class);
  }

  static final class FourCpus extends Periods {
    FourCpus() {
      super(
          4,
          false,
          new int[] {10, 3},
          new int[] {10, 3},
          new int[] {10, 3},
          new int[] {20, 6},
          new int[] {20, 6},
          new int[] {20, 6},
          new int[] {40, 12},
          new int[] {40, 12},
          new int[] {50, 15},
          new int[] {50, 15},
          new int[] {100, 30},
          new int[] {100, 30});
    }
  }

  @Test
  void extraTimeUsesWhatIsLeftAndCostsNobodyHisDeadline() {
    FreshImage.run(Extra.class);
  }

  static final class Extra extends Periods {
    Extra() {
      super(1, true, new int[] {10, 3}, new int[] {20, 6}, new int[] {50, 10});
    }

    @Override
    void check() {
      super.check();
      double ran = 0;
      for (Vcpu vcpu : vcpus) {
        ran += ran(vcpu);
      }
      assertEquals(2000, ran, 2, "nothing is left unused");
    }
  }
}
