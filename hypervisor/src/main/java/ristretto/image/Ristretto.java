package ristretto.image;

import ristretto.core.console.Log;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.TrapControls;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.sched.Scheduler;
import ristretto.driver.gic.GicStart;
import ristretto.lang.BootException;
import ristretto.lang.BootOnly;
import ristretto.lang.Export;
import ristretto.machine.CpuLocal;

/** Where entry.S hands over to Java. */
public final class Ristretto {
  /** What the entry code takes for "park this CPU". */
  private static final long NOTHING = 0;

  private Ristretto() {}

  /**
   * The boot CPU's way through the boot: MMU on, boot tables, own stack.
   *
   * @param deviceTree physical address of the device tree, mapped, or whatever x0 held
   * @param load physical address of the image
   * @return hypervisor address of the TrapFrame to resume, or 0 to park the CPU
   */
  @BootOnly
  @Export("boot_main")
  static long bootMain(long deviceTree, long load) {
    EarlyHeap.give();
    try {
      return new Boot(deviceTree, load).run().address();
    } catch (BootException e) {
      Log.error().text("Ristretto cannot start: ").message(e.reason()).end();
      Log.error().text("Halted. Correct this and reset the machine.").end();
      return NOTHING;
    }
  }

  /**
   * The same for a CPU that PSCI CPU_ON started.
   *
   * @param index position in {@code Cpus}
   */
  @BootOnly
  @Export("secondary_main")
  static long secondaryMain(long index) {
    Cpu cpu = Cpus.get((int) index);
    CpuLocal.set(cpu);
    TrapControls.startThisCpu();
    GicStart started = Interrupts.startThisCpu();
    if (started != GicStart.STARTED) {
      Log.error().text("CPU ").dec(index).text(": ").text(started.text()).end();
      return NOTHING;
    }
    cpu.online = true; // release: SecondaryCpus waits for it
    return Scheduler.choose(cpu).address();
  }
}
