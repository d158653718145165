package ristretto.core.debug;

import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.time.SystemTime;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.SysReg;

/** Counter, system time, and the timer of the pressing CPU. */
final class TimeKey implements DebugKey {
  @Override
  public int key() {
    return 't';
  }

  @Override
  public String description() {
    return "display clocks";
  }

  @Override
  public void press() {
    long now = SysReg.CNTPCT_EL0.read();
    Log.print()
        .text("counter ")
        .hex(now)
        .text(" at ")
        .dec(GenericTimer.frequency())
        .text(" Hz, system time ")
        .dec(SystemTime.toNanoseconds(now))
        .text(" ns")
        .end();
    Log.print()
        .text("CNTHP: control ")
        .hex(SysReg.CNTHP_CTL_EL2.read())
        .text(" compare ")
        .hex(SysReg.CNTHP_CVAL_EL2.read())
        .end();
  }
}
