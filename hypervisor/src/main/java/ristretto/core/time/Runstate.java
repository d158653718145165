package ristretto.core.time;

import ristretto.abi.Errno;
import ristretto.abi.Vcpuop;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Barrier;
import ristretto.machine.Memory;

/**
 * How long a vCPU ran, waited for a CPU, blocked and was off: {@code struct vcpu_runstate_info},
 * kept here in counter ticks and shown to the guest in nanoseconds where it registered an area. The
 * area's pages are pinned when it is registered, so a switch translates nothing.
 *
 * <p>Changed by the scheduler under its lock; the guest's copy is written by the CPU on which the
 * vCPU is loaded.
 */
public final class Runstate {
  /** No area, or an area that ends with its first page. */
  private static final long NONE = 0;

  private final Vcpu vcpu;
  private int state = RunstateInfo.OFFLINE;
  private long since;
  private final long[] ticks = new long[RunstateInfo.STATES];

  /** Physical address of the guest's copy, and of the page that it goes on in. */
  private long area = NONE;

  private long rest = NONE;
  private boolean updateFlag;

  @BootOnly
  public Runstate(Vcpu vcpu) {
    this.vcpu = vcpu;
  }

  /** The vCPU enters {@code newState} now; {@code now} is a reading of CNTPCT_EL0. */
  public void enter(int newState, long now) {
    ticks[state] += now - since;
    since = now;
    state = newState;
  }

  public int state() {
    return state;
  }

  /** Nanoseconds in {@code which} state, the time since the last change included. */
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
      release();
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
    release();
    updateFlag = physical;
    rest = second;
    area = first;
    show();
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

  private void release() {
    if (area != NONE) {
      vcpu.domain.p2m.unpin(Bits.alignDown(area, Frames.SIZE));
    }
    if (rest != NONE) {
      vcpu.domain.p2m.unpin(Bits.alignDown(rest, Frames.SIZE));
    }
    area = NONE;
    rest = NONE;
  }

  /** Writes the guest's copy, if it has one. */
  public void show() {
    if (area == NONE) {
      return;
    }
    long entered = SystemTime.toNanoseconds(since);
    boolean flag =
        updateFlag || Bits.isSet(vcpu.domain.assists, Vcpuop.ASSIST_RUNSTATE_UPDATE_FLAG);
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
