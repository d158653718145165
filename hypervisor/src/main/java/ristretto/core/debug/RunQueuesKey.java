package ristretto.core.debug;

import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.console.LogLine;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Vcpu;

/** What each CPU runs. A glance without the lock: it may be over at once. */
final class RunQueuesKey implements DebugKey {
  @Override
  public int key() {
    return 'r';
  }

  @Override
  public String description() {
    return "dump run queues";
  }

  @Override
  public void press() {
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu cpu = Cpus.get(i);
      Vcpu running = cpu.running;
      LogLine line = Log.print().text("CPU").dec(i).text(cpu.online ? ": " : " (offline): ");
      if (running == null) {
        line.text("idle").end();
      } else {
        line.text("runs d")
            .dec(running.domain.id)
            .text("v")
            .dec(running.id)
            .text(cpu.contended ? ", others wait" : "")
            .end();
      }
    }
  }
}
