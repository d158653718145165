package ristretto.vdev.gic;

import org.jspecify.annotations.Nullable;
import ristretto.lang.HostOnly;
import ristretto.vdev.IrqLine;

/** One CPU's physical interface: priority mask, acknowledge, priority drop and deactivation. */
@HostOnly
public final class CpuInterface {
  private final PhysicalGic gic;
  private final int cpu;
  private final ActivePriorities priorities = new ActivePriorities();
  private @Nullable IrqLine output;
  private int mask;
  private boolean enabled;
  private boolean dropOnly;

  CpuInterface(PhysicalGic gic, int cpu) {
    this.gic = gic;
    this.cpu = cpu;
  }

  /** The CPU's IRQ input. */
  public void connect(IrqLine line) {
    output = line;
    gic.update();
  }

  public void setEnabled(boolean on) {
    enabled = on;
    gic.update();
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** EOImode: the end of an interrupt drops its priority and nothing else. */
  public void setDropOnly(boolean on) {
    dropOnly = on;
  }

  public boolean isDropOnly() {
    return dropOnly;
  }

  public void setMask(int priority) {
    mask = priority & 0xf8;
    gic.update();
  }

  public int mask() {
    return mask;
  }

  public int runningPriority() {
    return priorities.running();
  }

  /** IAR: INTID, and for an SGI of GICv2 its sender in [12:10]. */
  public int acknowledge() {
    int intid = signalled();
    if (intid == PhysicalGic.SPURIOUS) {
      return intid;
    }
    priorities.push(gic.priority(cpu, intid));
    int source = gic.activate(cpu, intid);
    gic.update();
    return intid | source << 10;
  }

  /** EOIR. */
  public void end(int acknowledged) {
    priorities.pop();
    if (!dropOnly) {
      gic.deactivate(cpu, acknowledged & 0x3ff);
    }
    gic.update();
  }

  /** DIR. */
  public void deactivate(int acknowledged) {
    gic.deactivate(cpu, acknowledged & 0x3ff);
  }

  private int signalled() {
    int intid = enabled ? gic.highest(cpu) : PhysicalGic.SPURIOUS;
    if (intid == PhysicalGic.SPURIOUS) {
      return intid;
    }
    int priority = gic.priority(cpu, intid);
    return priority < mask && priority < priorities.running() ? intid : PhysicalGic.SPURIOUS;
  }

  void drive() {
    IrqLine line = output;
    if (line != null) {
      line.set(signalled() != PhysicalGic.SPURIOUS);
    }
  }
}
