package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.core.time.SystemTime;
import ristretto.core.time.TimerQueue;
import ristretto.lang.NoInline;
import ristretto.machine.Memory;

/**
 * vCPUs that wait: until an interrupt comes (SCHEDOP_block), or until one of some ports is pending
 * (SCHEDOP_poll). Who polls is guarded by the event lock of the domain, so that no event is missed
 * between the look at the ports and the sleep.
 */
public final class Polling {
  private Polling() {}

  /**
   * SCHEDOP_poll for ports that have been copied in: blocks the running vCPU unless one is pending.
   *
   * @param list hypervisor address of {@code count} port numbers
   * @param deadline system time in ns; 0: none
   * @return 0 when one is pending or the vCPU now waits, or EINVAL
   */
  public static long poll(Vcpu vcpu, long list, int count, long deadline) {
    EventChannels events = vcpu.domain.events;
    long result = Errno.OK;
    boolean pending = false;
    events.lock.lock();
    for (int i = 0; i < count && result == Errno.OK && !pending; i++) {
      int port = Memory.load32(list + 4L * i);
      if (!events.ports.at(port).inUse()) {
        result = Errno.EINVAL;
      } else {
        pending = events.abi.isPending(port);
      }
    }
    if (result == Errno.OK && !pending) {
      start(vcpu, count == 1 ? Memory.load32(list) : VcpuEvents.ANY_PORT, deadline);
    }
    events.lock.unlock();
    return result;
  }

  private static void start(Vcpu vcpu, int port, long deadline) {
    if (vcpu.events.polledPort == VcpuEvents.NOT_POLLING) {
      vcpu.domain.events.pollers++;
    }
    vcpu.events.polledPort = port;
    if (deadline != 0) {
      TimerQueue.arm(vcpu.events.pollTimer, SystemTime.toTicks(deadline));
    }
    block(vcpu);
  }

  /** SCHEDOP_block: the running vCPU waits for an interrupt, unless one is there. */
  public static void block(Vcpu vcpu) {
    Scheduler.block(vcpu);
    if (vcpu.domain.events.line.isInterrupted(vcpu)) {
      Scheduler.wake(vcpu); // it came before
    }
  }

  /** The vCPU waits no longer: its time is over. */
  static void stop(Vcpu vcpu) {
    EventChannels events = vcpu.domain.events;
    events.lock.lock();
    end(vcpu);
    events.lock.unlock();
  }

  private static void end(Vcpu vcpu) {
    forget(vcpu.domain.events, vcpu.events);
    Scheduler.wake(vcpu);
  }

  /** It polls no more; whoever calls wakes it, if that is wanted. The lock is held. */
  static void forget(EventChannels events, VcpuEvents target) {
    if (target.polledPort != VcpuEvents.NOT_POLLING) {
      target.polledPort = VcpuEvents.NOT_POLLING;
      events.pollers--;
      TimerQueue.cancel(target.pollTimer);
    }
  }

  /** Wakes the vCPUs that poll {@code port}, or more than one. The lock is held. */
  @NoInline
  static void wake(EventChannels events, int port) {
    for (int i = 0; i < events.domain.vcpuCount; i++) {
      Vcpu vcpu = events.domain.vcpus[i];
      int polled = vcpu.events.polledPort;
      if (polled == port || polled == VcpuEvents.ANY_PORT) {
        end(vcpu);
      }
    }
  }
}
