package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.abi.Evtchnop.ControlBlock;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;

/**
 * What a domain says about its {@link Fifo} ABI: that it wants it, where its pages are, what is
 * urgent. Each operation takes the event lock of the domain.
 *
 * <p>Numbers that come from a guest are checked here; results are {@link Errno}.
 */
public final class FifoSetup {
  private FifoSetup() {}

  /** EVTCHNOP_init_control: the first one switches the domain to the FIFO ABI. */
  public static long initControl(EventChannels events, int vcpu, long gfn, int offset) {
    if (!events.hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    if (!SharedPage.fits(offset, ControlBlock.SIZEOF)) {
      return Errno.EINVAL;
    }
    VcpuEvents target = events.domain.vcpus[vcpu].events;
    events.lock.lock();
    long page = target.controlBlock != 0 ? 0 : events.domain.p2m.pin(gfn);
    if (page != 0) {
      target.controlBlock = page + offset;
      events.abi = events.fifo;
    }
    events.lock.unlock();
    return page != 0 ? Errno.OK : Errno.EINVAL;
  }

  /** EVTCHNOP_expand_array: a page of event words for the next 1024 ports. */
  public static long expandArray(EventChannels events, long gfn) {
    events.lock.lock();
    long result = Errno.EOPNOTSUPP;
    if (events.abi == events.fifo) {
      result = events.fifo.isFull() ? Errno.ENOSPC : expand(events, gfn);
    }
    events.lock.unlock();
    return result;
  }

  private static long expand(EventChannels events, long gfn) {
    long page = events.domain.p2m.pin(gfn);
    if (page == 0) {
      return Errno.EINVAL;
    }
    int first = events.fifo.addPage(page);
    if (events.fifo.hasLate()) {
      raiseLate(events, first, first + Frames.SIZE / EventWord.SIZEOF);
    }
    return Errno.OK;
  }

  /** Raises again what was raised before its event word was there; at most 1024 ports. */
  private static void raiseLate(EventChannels events, int first, int end) {
    for (int port = first; port < end; port++) {
      Port entry = events.ports.at(port);
      if (entry.exists() && entry.raisedLate()) {
        events.fifo.forgetLate(entry);
        events.raise(port, entry);
      }
    }
  }

  /** Back to the 2-level ABI, with no port open. */
  static void stop(EventChannels events) {
    events.lock.lock();
    if (events.abi == events.fifo) {
      for (int i = 0; i < events.domain.vcpuCount; i++) {
        Vcpu vcpu = events.domain.vcpus[i];
        if (vcpu.events.controlBlock != 0) {
          events.domain.p2m.unpin(Bits.alignDown(vcpu.events.controlBlock, Frames.SIZE));
          vcpu.events.forgetQueues();
        }
      }
      events.fifo.stop();
      events.abi = events.twoLevel;
    }
    events.lock.unlock();
  }

  /** EVTCHNOP_set_priority: the FIFO queue that {@code port} goes to when it is raised next. */
  public static long setPriority(EventChannels events, int port, int priority) {
    if (Integer.compareUnsigned(priority, EventWord.PRIORITY_LOWEST) > 0) {
      return Errno.EINVAL;
    }
    events.lock.lock();
    Port entry = events.ports.at(port);
    long result = Errno.EINVAL;
    if (events.abi != events.fifo) {
      result = Errno.ENOSYS;
    } else if (entry.inUse()) {
      entry.setPriority(priority);
      result = Errno.OK;
    }
    events.lock.unlock();
    return result;
  }
}
