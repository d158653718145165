package ristretto.core.time;

import java.util.Arrays;
import ristretto.abi.Errno;
import ristretto.abi.Vcpuop;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.core.trace.Trace;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.Barrier;
import ristretto.machine.Hint;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * How long a vCPU ran, waited for a CPU, blocked and was off: {@code struct vcpu_runstate_info},
 * kept here in counter ticks and shown to the guest in nanoseconds where it registered an area. The
 * area's pages are pinned when it is registered, so a switch translates nothing.
 *
 * <p>Changed by the scheduler under its lock. The guest's copy is written then, under a lock of its
 * own, because a vCPU may register an area for another one.
 */
public final class Runstate {
  /** No area, or an area that ends with its first page. */
  private static final long NONE = 0;

  private final Vcpu vcpu;
  private final SpinLock lock;
  private final long[] ticks = new long[RunstateInfo.STATES];
  private int state = RunstateInfo.OFFLINE;
  private long since;

  // Guarded by the lock: physical address of the guest's copy, and of the page that it goes on in.
  private volatile long area = NONE;
  private long rest = NONE;

  /** A change of the state concerns others: there is an area, or somebody traces. */
  private volatile boolean watched;

  /** The update flag is used whether or not the domain asked for it. */
  private boolean flagAlways;

  @BootOnly
  public Runstate(Vcpu vcpu) {
    this.vcpu = vcpu;
    this.lock = new SpinLock(LockRank.RUNSTATE, vcpu.domain);
  }

  /** A new life of the vCPU, which is offline. */
  public void open() {
    Arrays.fill(ticks, 0);
    state = RunstateInfo.OFFLINE;
    since = SysReg.CNTPCT_EL0.read();
    area = NONE;
    rest = NONE;
    flagAlways = false;
    watch();
  }

  /** The vCPU enters {@code newState} at {@code now}. The scheduler's lock is held. */
  @Inline
  public void enter(int newState, long now) {
    int oldState = state;
    ticks[oldState] += now - since;
    Hint.interleave();
    since = now;
    state = newState;
    if (watched) {
      tell(oldState);
    }
  }

  /** Who wants to know of it: the guest, and who traces. */
  @NoInline
  private void tell(int oldState) {
    Cpu cpu = Cpu.current();
    if (cpu.tracing) {
      RunstateTrace.changed(cpu, vcpu, oldState, state);
    }
    if (area != NONE) {
      lock.lock();
      show();
      lock.unlock();
    }
  }

  /** Tracing has begun or ended. */
  public void watch() {
    lock.lock();
    watched = hasWatchers();
    lock.unlock();
  }

  /** The lock is held. */
  private boolean hasWatchers() {
    return area != NONE || Trace.isEnabled();
  }

  public int state() {
    return state;
  }

  /** Nanoseconds since it entered the state that it is in. */
  public long nanosecondsInState(long now) {
    return SystemTime.toNanoseconds(now - since);
  }

  /**
   * Nanoseconds in {@code which} state, the time since the last change included. The scheduler's
   * lock is held, or the vCPU is the running one.
   */
  public long nanosecondsIn(int which, long now) {
    long total = ticks[which];
    return SystemTime.toNanoseconds(which == state ? total + now - since : total);
  }

  /**
   * VCPUOP_register_runstate_memory_area and _phys_area: shows this at {@code address} from now on.
   *
   * @param physical the address is the guest's physical one, with the update flag always on; all
   *     ones ends it. Otherwise it is virtual, as the running vCPU translates it; 0 ends it
   * @return OK, EFAULT or EINVAL
   */
  public long register(long address, boolean physical) {
    if (address == (physical ? -1 : 0)) {
      replace(NONE, NONE, physical);
      return Errno.OK;
    }
    if (!Bits.isAligned(address, Long.BYTES)) {
      return Errno.EINVAL;
    }
    long first = pin(address, physical);
    if (first == NONE) {
      return physical ? Errno.EINVAL : Errno.EFAULT;
    }
    long inPage = Frames.SIZE - (first & Frames.SIZE - 1);
    long second = NONE;
    if (inPage < RunstateInfo.SIZEOF) {
      second = physical ? NONE : pin(address + inPage, false);
      if (second == NONE) {
        vcpu.domain.p2m.unpin(Bits.alignDown(first, Frames.SIZE));
        return physical ? Errno.EINVAL : Errno.EFAULT;
      }
    }
    replace(first, second, physical);
    return Errno.OK;
  }

  /** Hypervisor address of a writable byte of the guest in a page that stays, or NONE. */
  private long pin(long address, boolean physical) {
    long ipa = physical ? address : GuestMemory.toPhysical(address);
    if (ipa < 0) {
      return NONE;
    }
    long page = vcpu.domain.p2m.pin(ipa >>> Frames.SHIFT);
    return page == 0 ? NONE : page + (ipa & Frames.SIZE - 1);
  }

  /** The domain ends: its pages are let go. */
  public void release() {
    replace(NONE, NONE, false);
  }

  private void replace(long newArea, long newRest, boolean physical) {
    lock.lock();
    long oldArea = area;
    long oldRest = rest;
    area = newArea;
    rest = newRest;
    watched = hasWatchers();
    flagAlways = physical;
    show();
    lock.unlock();
    unpin(oldArea);
    unpin(oldRest);
  }

  private void unpin(long address) {
    if (address != NONE) {
      vcpu.domain.p2m.unpin(Bits.alignDown(address, Frames.SIZE));
    }
  }

  /** Writes the guest's copy, if it has one. The lock is held. */
  private void show() {
    if (area == NONE) {
      return;
    }
    long entered = SystemTime.toNanoseconds(since);
    boolean flag =
        flagAlways || Bits.isSet(vcpu.domain.assists, Vcpuop.ASSIST_RUNSTATE_UPDATE_FLAG);
    if (flag) {
      Memory.store64(field(RunstateInfo.STATE_ENTRY_TIME), entered | RunstateInfo.UPDATE);
      Barrier.dmbIshst(); // pairs with the guest's read barrier behind its first look at the flag
    } else {
      Memory.store64(field(RunstateInfo.STATE_ENTRY_TIME), entered);
    }
    Memory.store32(field(RunstateInfo.STATE), state);
    for (int i = 0; i < RunstateInfo.STATES; i++) {
      long time = field(RunstateInfo.TIME + i * Long.BYTES);
      Memory.store64(time, SystemTime.toNanoseconds(ticks[i]));
    }
    if (flag) {
      Barrier.dmbIshst(); // pairs with the guest's read barrier before its second look
      Memory.store64(field(RunstateInfo.STATE_ENTRY_TIME), entered);
    }
  }

  /** Where a field of the guest's copy is; fields do not cross pages, being aligned. */
  private long field(int offset) {
    long inPage = Frames.SIZE - (area & Frames.SIZE - 1);
    return offset < inPage ? area + offset : rest + offset - inPage;
  }
}
