package ristretto.core.event;

import ristretto.core.domain.Vcpu;
import ristretto.core.time.Timer;
import ristretto.lang.BootOnly;

/** Ends a SCHEDOP_poll whose time is over. */
final class PollTimer extends Timer {
  private final Vcpu vcpu;

  @BootOnly
  PollTimer(Vcpu vcpu) {
    this.vcpu = vcpu;
  }

  @Override
  public void fire() {
    Polling.stop(vcpu);
  }
}
