package ristretto.core.domain;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.arch.TrapFrame;
import ristretto.lang.BootOnly;

/** A virtual CPU. Its registers are in {@link #frame} (general) and {@link #context} (EL1). */
public final class Vcpu {
  public final Domain domain;

  /** Number within the domain; also the guest's affinity 0. */
  public final int id;

  /** General registers while the vCPU is not running. */
  public final TrapFrame frame;

  /** Pause reasons, a bit each; the vCPU may run when it is 0. See {@link PauseReason}. */
  public final AtomicInteger pauses = new AtomicInteger(PauseReason.OFFLINE);

  @BootOnly
  public Vcpu(Domain domain, int id, long frame) {
    this.domain = domain;
    this.id = id;
    this.frame = new TrapFrame(frame);
  }
}
