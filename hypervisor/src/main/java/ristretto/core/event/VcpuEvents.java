package ristretto.core.event;

import java.util.Arrays;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.abi.VcpuInfo;
import ristretto.abi.Virq;
import ristretto.core.domain.Vcpu;
import ristretto.lang.BootOnly;
import ristretto.machine.Barrier;

/** The part of event channels that each vCPU has. Guarded by the event lock of its domain. */
public final class VcpuEvents {
  /** {@link #polledPort}: it does not poll. */
  static final int NOT_POLLING = -1;

  /** {@link #polledPort}: it polls more than one port, or none. */
  static final int ANY_PORT = 0;

  final Vcpu vcpu;

  /** Physical address of its vcpu_info, 0 until there is one. */
  long vcpuInfo;

  /** {@link #vcpuInfo} is in a page that the guest chose; that page is pinned. */
  boolean registered;

  /** Physical address of its FIFO control block, 0 until there is one; that page is pinned. */
  long controlBlock;

  /** Last port of each FIFO queue, 0 when none was ever linked. */
  final int[] tails = new int[EventWord.QUEUES];

  /** Port of each per-vCPU VIRQ, 0 when not bound. */
  final int[] virqPorts = new int[Virq.COUNT];

  /** The port that SCHEDOP_poll waits for, or one of the constants above. */
  int polledPort = NOT_POLLING;

  final PollTimer pollTimer;

  @BootOnly
  public VcpuEvents(Vcpu vcpu) {
    this.vcpu = vcpu;
    this.pollTimer = new PollTimer(vcpu);
  }

  /** A new life of the vCPU, which is shown nothing yet, except the first one. */
  public void open() {
    vcpuInfo = vcpu.id == 0 ? vcpu.domain.events.firstVcpuInfo() : 0;
    registered = false;
    polledPort = NOT_POLLING;
    Arrays.fill(virqPorts, 0);
    forgetQueues();
  }

  /** Sets a bit of evtchn_pending_sel. True if it is new. */
  boolean select(int word) {
    return vcpuInfo != 0 && !GuestWord.setBit64(new VcpuInfo(vcpuInfo).selector(), word);
  }

  /** Tells the vCPU to look for events. */
  void upcall(EventLine line) {
    if (vcpuInfo == 0) {
      return;
    }
    // Pairs with the guest's: it clears evtchn_upcall_pending first and then looks at selectors or
    // queues. Either it sees what was raised, or the flag is seen cleared here.
    Barrier.dmbIsh();
    VcpuInfo info = new VcpuInfo(vcpuInfo);
    if (!info.upcallPending()) {
      info.setUpcallPending();
      line.raise(vcpu);
    }
  }

  void forgetQueues() {
    controlBlock = 0;
    Arrays.fill(tails, 0);
  }
}
