package ristretto.core.cpu;

import ristretto.arch.PsciFunction;
import ristretto.core.console.Log;
import ristretto.core.console.LogLine;
import ristretto.core.mm.Stage1;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.BootOnly;
import ristretto.machine.Hint;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;

/** Brings up the CPUs that the firmware holds. */
public final class SecondaryCpus {
  /** How long a CPU may take to report, in milliseconds. */
  private static final int PATIENCE = 1000;

  private SecondaryCpus() {}

  /**
   * Starts every CPU of {@link Cpus} but the first; one that does not come is left out and named.
   *
   * @return whether all of them came
   */
  @BootOnly
  public static boolean start() {
    boolean complete = true;
    long entry = Stage1.physical(ImageSymbol.SECONDARY_ENTRY.address());
    for (int i = 1; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      int status = PhysicalPsci.cpuOn(cpu.mpidr, entry, i);
      if (status != PsciFunction.SUCCESS) {
        missing(cpu).text("does not start: PSCI CPU_ON says ").dec(status).end();
        complete = false;
      } else if (!reports(cpu)) {
        missing(cpu).text("was started but does not report; going on without it").end();
        complete = false;
      }
    }
    return complete;
  }

  private static LogLine missing(Cpu cpu) {
    return Log.error().text("CPU ").dec(cpu.index).text(" (MPIDR ").hex(cpu.mpidr).text(") ");
  }

  private static boolean reports(Cpu cpu) {
    long patience = GenericTimer.frequency() / 1000 * PATIENCE;
    long start = SysReg.CNTPCT_EL0.read();
    while (!cpu.online) {
      if (SysReg.CNTPCT_EL0.read() - start > patience) {
        return false;
      }
      Hint.spin();
    }
    return true;
  }
}
