package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.Errno;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.driver.timer.GenericTimer;
import ristretto.sim.FreshImage;

/** CPUs and domains that go from one pool to another while everything runs. */
class PoolsTest {
  private static final int NULL = DomctlScheduler.NULL;

  @Test
  void rulesOfPools() {
    FreshImage.run(Rules.class);
  }

  static final class Rules implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(3);
      bench.machine.run(() -> {
        bench.start();
        Domain domain = bench.domain(1, 1);
        assertEquals(0b111, Pool.FIRST.cpus());
        assertEquals(Errno.EINVAL, Pools.create(-1, 42));
        assertEquals(1, Pools.create(-1, NULL));
        assertEquals(Errno.EEXIST, Pools.create(1, NULL));
        assertEquals(5, Pools.create(5, DomctlScheduler.CREDIT2));
        assertEquals(5, Objects.requireNonNull(Pools.from(2)).id);
        Pool pool = Objects.requireNonNull(Pools.find(1));
        assertEquals(Errno.ENODEV, Pools.addCpu(pool, 2), "it is in Pool-0");
        assertEquals(Errno.ENODEV, Pools.addCpu(pool, -1));
        assertEquals(Errno.EINVAL, Pools.addCpu(pool, 3));
        assertEquals(Errno.EBUSY, Pools.move(domain, pool), "nothing to run on");
        assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 2));
        assertEquals(Errno.EADDRNOTAVAIL, Pools.removeCpu(Pool.FIRST, 2));
        assertEquals(0b100, Pools.freeCpus());
        assertEquals(Errno.OK, Pools.addCpu(pool, -1));
        assertEquals(0b100, pool.cpus());
        assertEquals(Errno.OK, Pools.move(domain, pool));
        assertEquals(1, Pools.domains(pool));
        assertEquals(Errno.EBUSY, Pools.removeCpu(pool, 2), "the last one, and a domain");
        assertEquals(Errno.EBUSY, Pools.destroy(pool));
        assertEquals(Errno.OK, Pools.move(domain, Pool.FIRST));
        assertEquals(Errno.OK, Pools.removeCpu(pool, -1));
        assertEquals(Errno.OK, Pools.destroy(pool));
        assertNull(Pools.find(1));
        assertEquals(Errno.EBUSY, Pools.destroy(Pool.FIRST));
        assertNotNull(Pools.find(0));
      });
    }
  }

  @Test
  void aPoolHasNothingOfAnEarlierOneOfItsNumber() {
    FreshImage.run(Again.class);
  }

  static final class Again implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        bench.start();
        for (int i = 0; i < 2; i++) {
          assertEquals(1, Pools.create(1, DomctlScheduler.ARINC653));
          Pool pool = Objects.requireNonNull(Pools.find(1));
          Arinc653 table = (Arinc653) pool.policy;
          assertEquals(0, table.count());
          table.add(1, 0, 0, 1000);
          assertEquals(Errno.OK, Pools.destroy(pool));
        }
      });
    }
  }

  @Test
  void aCapDoesNotLetGoOfWhatAnotherPolicyHolds() {
    FreshImage.run(CapAndBudget.class);
  }

  /** A domain whose cap is used up moves to a pool where its budget is, in the same period. */
  static final class CapAndBudget extends LoadedMachine {
    private double before;

    CapAndBudget() {
      super(2, 150);
    }

    @Override
    void prepare() {
      assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 1));
      assertEquals(1, Pools.create(1, DomctlScheduler.RTDS));
      Pool pool = Objects.requireNonNull(Pools.find(1));
      assertEquals(Errno.OK, Pools.addCpu(pool, 1));
      Domain domain = domain(1);
      domain.share.set(256, 10);
      Vcpu vcpu = domain.vcpus[0];
      at(
          34,
          () -> {
            assertSame(Residence.HELD, vcpu.residence);
            before = ran(vcpu);
            assertEquals(Errno.OK, Pools.move(domain, pool));
            RealTime.set(vcpu, 100_000, 200, false, GenericTimer.counter());
          });
    }

    @Override
    void check() {
      assertEquals(0.4, ran(vcpus.get(0)) - before, 0.1, "a budget for each of two periods");
    }
  }

  /** As Xen 4.17 and 4.20 do. */
  @Test
  void whatADomainHasOfAPoolsCpusStaysThere() {
    FreshImage.run(Shares.class);
  }

  static final class Shares implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(3);
      bench.machine.run(() -> {
        bench.start();
        Domain domain = bench.domain(1, 1);
        Vcpu vcpu = domain.vcpus[0];
        domain.share.set(512, 50);
        assertTrue(Scheduler.setAffinity(vcpu, 0b001, 0b010));
        assertEquals(Errno.OK, Pools.move(domain, Pool.FIRST));
        assertShares(domain, 512, 50);
        assertEquals(0b001, vcpu.affinity, "it was there already");
        assertEquals(0b010, vcpu.softAffinity);
        assertEquals(1, Pools.create(-1, DomctlScheduler.CREDIT2));
        Pool pool = Objects.requireNonNull(Pools.find(1));
        for (int cpu = 1; cpu < 3; cpu++) {
          assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, cpu));
          assertEquals(Errno.OK, Pools.addCpu(pool, cpu));
        }
        assertEquals(Errno.OK, Pools.move(domain, pool));
        assertShares(domain, 256, 0);
        assertEquals(-1, vcpu.affinity);
        assertEquals(-1, vcpu.softAffinity);
      });
    }

    private static void assertShares(Domain domain, int weight, int cap) {
      assertEquals(weight, domain.share.weight());
      assertEquals(cap, domain.share.cap());
    }
  }

  @Test
  void whoIsPinnedToWhatThePoolLosesIsPinnedNoMore() {
    FreshImage.run(Losses.class);
  }

  static final class Losses implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(3);
      bench.machine.run(() -> {
        bench.start();
        Domain domain = bench.domain(1, 2);
        assertTrue(Scheduler.setAffinity(domain.vcpus[0], 0b100, 0b010));
        assertTrue(Scheduler.setAffinity(domain.vcpus[1], 0b110, 0b100));
        assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 2));
        assertEquals(Errno.OK, Pools.addCpu(Pool.FIRST, 2));
        assertEquals(-1, domain.vcpus[0].affinity);
        assertEquals(0b010, domain.vcpus[0].softAffinity);
        assertEquals(0b110, domain.vcpus[1].affinity, "another is left");
        assertEquals(0b100, domain.vcpus[1].softAffinity);
      });
    }
  }

  /** xenconsoled lets go of a console some time after xl has destroyed the domain. */
  @Test
  void whatOthersMapOfADomainKeepsNoPool() {
    FreshImage.run(Remains.class);
  }

  static final class Remains implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(2);
      bench.machine.run(() -> {
        bench.start();
        Domain domain = bench.domain(1, 1);
        assertEquals(1, Pools.create(-1, NULL));
        Pool pool = Objects.requireNonNull(Pools.find(1));
        assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 1));
        assertEquals(Errno.OK, Pools.addCpu(pool, 1));
        assertEquals(Errno.OK, Pools.move(domain, pool));
        long mapped = Frames.allocate(0, domain);
        while (!DomainEnd.step(domain)) {
          assertEquals(Errno.EBUSY, Pools.destroy(pool));
        }
        assertFalse(domain.memory.isEmpty(), "others map it");
        assertEquals(Errno.OK, Pools.removeCpu(pool, 1));
        assertEquals(Errno.OK, Pools.destroy(pool));
        Frames.free(mapped, 0);
      });
    }
  }

  @Test
  void domainsAndCpusMove() {
    FreshImage.run(Moves.class);
  }

  /** After 100 ms the second domain gets CPU 2 for itself; after 200 ms all is as it was. */
  static final class Moves extends LoadedMachine {
    Moves() {
      super(3, 300);
    }

    @Override
    void prepare() {
      domain(4);
      Domain mover = domain(1);
      at(
          100,
          () -> {
            assertEquals(1, Pools.create(1, NULL));
            Pool pool = Objects.requireNonNull(Pools.find(1));
            assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 2));
            assertEquals(Errno.OK, Pools.addCpu(pool, 2));
            assertEquals(Errno.OK, Pools.move(mover, pool));
          });
      at(
          200,
          () -> {
            Pool pool = Objects.requireNonNull(Pools.find(1));
            assertEquals(Errno.OK, Pools.move(mover, Pool.FIRST));
            assertEquals(Errno.OK, Pools.removeCpu(pool, 2));
            assertEquals(Errno.OK, Pools.destroy(pool));
            assertEquals(Errno.OK, Pools.addCpu(Pool.FIRST, 2));
          });
    }

    @Override
    void check() {
      for (int i = 0; i < 4; i++) {
        assertEquals(60 + 50 + 60, ran(vcpus.get(i)), 6, "vCPU " + i);
      }
      assertEquals(60 + 100 + 60, ran(vcpus.get(4)), 6);
      double ran = 0;
      for (Vcpu vcpu : vcpus) {
        ran += ran(vcpu);
      }
      assertEquals(900, ran, 0.9, "no CPU idles but on its way from pool to pool");
    }
  }

  @Test
  void timesAddUp() {
    FreshImage.run(Times.class);
  }

  /** Every vCPU is always in one state, every CPU runs one or idles: within a thousandth. */
  static final class Times extends LoadedMachine {
    Times() {
      super(3, 1000);
    }

    @Override
    void prepare() {
      domain(2);
      for (int i = 0; i < 200; i++) {
        Vcpu vcpu = vcpus.get(i % 2);
        blockAt(i * 5, vcpu);
        wakeAt(i * 5 + 1 + i % 7, vcpu);
      }
    }

    @Override
    void check() {
      double ran = 0;
      for (Vcpu vcpu : vcpus) {
        double sum = 0;
        for (int state = 0; state < RunstateInfo.STATES; state++) {
          sum += in(vcpu, state);
        }
        assertEquals(now(), sum, now() / 1000 + 0.1, "since it was made");
        ran += ran(vcpu);
      }
      double idle = 0;
      for (int i = 0; i < Cpus.count(); i++) {
        Cpu cpu = Cpus.get(i);
        idle += cpu.idleTicks(ristretto.driver.timer.GenericTimer.counter()) / 62_500.0;
      }
      assertEquals(3 * now(), ran + idle, 3 * now() / 1000);
    }
  }
}
