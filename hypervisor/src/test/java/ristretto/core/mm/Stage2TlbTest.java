package ristretto.core.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.Errata;
import ristretto.core.sched.SchedulingBench;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;

/** The order of what makes CPUs forget translations; QEMU and the simulation have no such delay. */
class Stage2TlbTest {
  private static final long A76_R3P0 = 0x413f_d0b0L;
  private static final long A76_R4P1 = 0x414f_d0b1L;
  private static final long A55_R1P0 = 0x411f_d050L;
  private static final long A53_R0P4 = 0x410f_d034L;

  private static final Set<Maintenance> LOCAL =
      EnumSet.of(Maintenance.ISB, Maintenance.DSB_ISHST, Maintenance.DSB_SY);

  @Test
  void invalidatesOnce() {
    FreshImage.run(Once.class, A76_R4P1);
    FreshImage.run(Once.class, A53_R0P4);
  }

  @Test
  void invalidatesTwiceWhereACpuCompletesEarly() {
    FreshImage.run(Twice.class, A76_R3P0); // erratum 1286807
    FreshImage.run(Twice.class, A55_R1P0); // erratum 2441007
  }

  static final class Once implements LongConsumer {
    @Override
    public void accept(long midr) {
      forget(midr, 1);
    }
  }

  static final class Twice implements LongConsumer {
    @Override
    public void accept(long midr) {
      forget(midr, 2);
    }
  }

  private static void forget(long midr, int times) {
    SchedulingBench bench = new SchedulingBench(1);
    bench.machine.run(() -> {
      bench.start();
      bench.cpu(0).setRegister(SysReg.MIDR_EL1, midr);
      Errata.startThisCpu();
      bench.machine.forgetMaintenance();
      Stage2Tlb.forget(0x1000, new long[] {5, 6}, 2);
      List<Maintenance> pages =
          List.of(
              Maintenance.TLBI_IPAS2E1IS,
              Maintenance.TLBI_IPAS2E1IS,
              Maintenance.DSB_ISH,
              Maintenance.TLBI_VMALLE1IS,
              Maintenance.DSB_ISH);
      assertEquals(repeated(times, pages), broadcast(bench));
      bench.machine.forgetMaintenance();
      Stage2Tlb.forgetAll(0x1000);
      List<Maintenance> all = List.of(Maintenance.TLBI_VMALLS12E1IS, Maintenance.DSB_ISH);
      assertEquals(repeated(times, all), broadcast(bench));
    });
  }

  private static List<Maintenance> repeated(int times, List<Maintenance> operations) {
    return Collections.nCopies(times, operations).stream().flatMap(List::stream).toList();
  }

  private static List<Maintenance> broadcast(SchedulingBench bench) {
    List<Maintenance> found = new ArrayList<>(bench.machine.maintenanceOperations());
    found.removeAll(LOCAL);
    return found;
  }
}
