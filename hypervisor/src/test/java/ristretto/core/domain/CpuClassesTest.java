package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.sched.Pool;
import ristretto.core.sched.Pools;
import ristretto.core.sched.SchedulingBench;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.sim.CpuModel;
import ristretto.sim.FreshImage;

class CpuClassesTest {
  private static final int CPUS = 5;

  /** Two Cortex-A55 and three Cortex-A76, of which CPU 2 does not come. */
  private static SchedulingBench machine() {
    SchedulingBench bench = new SchedulingBench(CPUS);
    for (int i = 0; i < CPUS; i++) {
      (i < 2 ? CpuModel.CORTEX_A55 : CpuModel.CORTEX_A76).applyTo(bench.cpu(i));
    }
    return bench;
  }

  private static void startAll(SchedulingBench bench, boolean mixed, Runnable check) {
    Runnable[] bodies = new Runnable[CPUS];
    for (int i = 0; i < CPUS; i++) {
      int index = i;
      bodies[i] =
          () -> {
            if (index == 0) {
              bench.start();
              while (!isThere(1) || !isThere(3) || !isThere(4)) {
                Hint.spin();
              }
              CpuClasses.form(mixed);
              check.run();
            } else if (index != 2) {
              while (Cpus.count() < CPUS || !Cpus.get(0).online) {
                Hint.spin();
              }
              Cpu unused = bench.startOther(index);
            }
          };
    }
    bench.machine.runAll(bodies);
  }

  private static boolean isThere(int index) {
    return Cpus.get(index).online;
  }

  @Test
  void cpusOfAKindAreAClassAndWhoIsAbsentInNone() {
    FreshImage.run(Classes.class);
  }

  static final class Classes implements Runnable {
    @Override
    public void run() {
      startAll(
          machine(),
          false,
          () -> {
            int[] peers = {0b00011, 0b00011, 0, 0b11000, 0b11000};
            for (int i = 0; i < CPUS; i++) {
              assertEquals(peers[i], Cpus.get(i).peers, "CPU " + i);
              assertEquals(i < 3 ? 0 : 1, Cpus.get(i).kind, "CPU " + i);
            }
            assertEquals(2, CpuClasses.largest());
            assertEquals(0b11011, Pool.FIRST.cpus());
            assertEquals(0, Pools.freeCpus());
            assertEquals(Errno.ENODEV, Pools.addCpu(Pool.FIRST, 2));
          });
    }
  }

  @Test
  void mixedTheyOfferWhatAllHave() {
    FreshImage.run(Mixed.class);
  }

  static final class Mixed implements Runnable {
    @Override
    public void run() {
      startAll(
          machine(),
          true,
          () -> {
            for (int i : new int[] {0, 1, 3, 4}) {
              assertEquals(0b11011, Cpus.get(i).peers);
              assertEquals(0x11_0012L, Cpus.get(i).idRegisters.value(4, 0) & 0xff_ffffL);
            }
            assertEquals(0x412f_d050L, SysReg.VPIDR_EL2.read());
          });
    }
  }
}
