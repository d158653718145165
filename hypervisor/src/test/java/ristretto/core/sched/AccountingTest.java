package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Vcpuop;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Vcpu;
import ristretto.core.hypercall.Hypercalls;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedMachine;

/**
 * Where a guest's time went, as it reads it: from the run state area that it has registered by a
 * hypercall. From there Linux has its stolen time.
 */
class AccountingTest {
  private static final int CPUS = 2;
  private static final int MILLISECONDS = 2000;

  /** A thousandth. */
  private static final double TOLERANCE = MILLISECONDS / 1000.0;

  @Test
  void whatGuestsReadAddsUp() {
    FreshImage.run(Areas.class);
  }

  /** Two domains on two CPUs: one works all the time, the other by chance. */
  static final class Areas extends LoadedMachine {
    private static final long ARGUMENT = SchedulingBench.ENTRY + 0x700;
    private static final long FIRST_AREA = SchedulingBench.ENTRY + 0x800;

    private long registered;

    Areas() {
      super(CPUS, MILLISECONDS);
      bench.machine.translation(
          (cpu, address, write, both) -> Bits.alignDown(address, Frames.SIZE));
    }

    @Override
    void prepare() {
      domain(3);
      domain(2);
      Random random = new Random(1);
      for (double time = 1; time < MILLISECONDS - 10; time += 10 * random.nextDouble()) {
        Vcpu vcpu = vcpus.get(3 + random.nextInt(2));
        blockAt(time, vcpu);
        wakeAt(time + 9 * random.nextDouble(), vcpu);
      }
    }

    private static long area(Vcpu vcpu) {
      return FIRST_AREA + vcpu.id * 64L;
    }

    @Override
    void goesOn(Vcpu vcpu) {
      long bit = 1L << vcpus.indexOf(vcpu);
      if ((registered & bit) == 0) {
        registered |= bit;
        Memory.store64(inRam(vcpu, ARGUMENT), area(vcpu));
        TrapFrame frame = vcpu.frame;
        frame.setX(16, HypercallNumber.VCPU_OP);
        frame.setX(0, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA);
        frame.setX(1, vcpu.id);
        frame.setX(2, ARGUMENT);
        Hypercalls.dispatch(vcpu, frame);
        assertEquals(Errno.OK, frame.x(0));
      }
    }

    private static long inRam(Vcpu vcpu, long address) {
      return vcpu.domain.p2m.lookup(address >>> Frames.SHIFT).address() + address % Frames.SIZE;
    }

    /** Milliseconds in a state, as Linux reads them: up to now, the state that lasts included. */
    private static double read(Vcpu vcpu, int state) {
      long area = inRam(vcpu, area(vcpu));
      long time = Memory.load64(area + RunstateInfo.TIME + (long) state * Long.BYTES);
      if (Memory.load32(area + RunstateInfo.STATE) == state) {
        time += nanoseconds() - Memory.load64(area + RunstateInfo.STATE_ENTRY_TIME);
      }
      return time / 1e6;
    }

    @Override
    void check() {
      double ran = 0;
      double stolen = 0;
      for (Vcpu vcpu : vcpus) {
        double sum = 0;
        for (int state = 0; state < RunstateInfo.STATES; state++) {
          sum += read(vcpu, state);
        }
        assertEquals(now(), sum, TOLERANCE, "all states of vCPU " + vcpu.id);
        assertEquals(ran(vcpu), read(vcpu, RunstateInfo.RUNNING), TOLERANCE, "what xl shows");
        ran += read(vcpu, RunstateInfo.RUNNING);
        stolen += read(vcpu, RunstateInfo.RUNNABLE);
      }
      double idle = 0;
      for (int i = 0; i < CPUS; i++) {
        Cpu cpu = Cpus.get(i);
        idle += cpu.idleTicks(SysReg.CNTPCT_EL0.read()) * 1000.0;
      }
      idle /= SimulatedMachine.COUNTER_FREQUENCY;
      assertEquals(CPUS * now(), ran + idle, CPUS * TOLERANCE);
      double wanted = 3 * now() + ran(vcpus.get(3)) + ran(vcpus.get(4)) + waited();
      assertEquals(wanted, ran + stolen, CPUS * TOLERANCE, "what they wanted, or have been denied");
    }

    /** Milliseconds that the two which block wanted a CPU and had none. */
    private double waited() {
      return in(vcpus.get(3), RunstateInfo.RUNNABLE) + in(vcpus.get(4), RunstateInfo.RUNNABLE);
    }
  }
}
