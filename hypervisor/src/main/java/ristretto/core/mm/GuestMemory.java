package ristretto.core.mm;

import ristretto.arch.ParEl1;
import ristretto.arch.Stage2Descriptor;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.AddressTranslation;
import ristretto.machine.Barrier;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * Copies between a guest's memory and the hypervisor's. A guest's address is translated with the
 * guest's own rights, must lead to memory of its own domain (no device, no page of another domain),
 * and keeps that meaning while the copy lasts: within one page because {@link Stage2Readers} makes
 * those wait who take the page away, else because the stage 2 lock is held.
 *
 * <p>All pages are looked at before the first byte moves. A copy that failed moved nothing, unless
 * another vCPU changed the guest's stage 1 tables in between.
 */
public final class GuestMemory {
  /** Most bytes of one copy: what one trap may spend on it. */
  public static final int MOST = 64 * 1024;

  private static final int PAGE = Frames.SIZE;

  /** Most argument structures are not longer. */
  private static final int SHORT = 4 * Long.BYTES;

  private GuestMemory() {}

  /**
   * Reads {@code size} bytes at a virtual address of the vCPU that runs here.
   *
   * @param target hypervisor address
   * @return false: the guest may not read there, or too many bytes
   */
  public static boolean copyIn(Vcpu vcpu, long guestVirtual, long target, long size) {
    P2m p2m = vcpu.domain.p2m;
    if (isOnePage(guestVirtual, size)) {
      Cpu cpu = Cpu.current();
      Stage2Readers.enter(cpu);
      long source = translate(p2m, guestVirtual, false);
      if (source != 0) {
        move(target, source, size);
      }
      Stage2Readers.leave(cpu);
      if (source != 0) {
        return true;
      }
    }
    return copyLocked(p2m, true, guestVirtual, target, size, false);
  }

  /**
   * {@link #copyIn} that also fetches what the copied structure points at, if that lies near: one
   * translation for both. What it does not fetch, {@link #copyIn} may.
   *
   * @param handle offset in the structure of a pointer to 16 bytes
   * @param fetched hypervisor address of room for them
   * @return 0: nothing could be copied; 1: the structure; 2: the 16 bytes, too
   */
  public static int copyInWithNear(
      Vcpu vcpu, long guestVirtual, long target, long size, int handle, long fetched) {
    if (!isOnePage(guestVirtual, size)) {
      return copyIn(vcpu, guestVirtual, target, size) ? 1 : 0;
    }
    Cpu cpu = Cpu.current();
    Stage2Readers.enter(cpu);
    long source = translate(vcpu.domain.p2m, guestVirtual, false);
    int copied = 0;
    if (source != 0) {
      move(target, source, size);
      copied = 1;
      long near = Memory.load64(target + handle);
      if (isSamePage(near, guestVirtual) && isOnePage(near, 2 * Long.BYTES)) {
        move(fetched, source - offset(guestVirtual) + offset(near), 2 * Long.BYTES);
        copied = 2;
      }
    }
    Stage2Readers.leave(cpu);
    return copied != 0 || copyIn(vcpu, guestVirtual, target, size) ? Math.max(copied, 1) : 0;
  }

  /**
   * Reads the 32-bit word at a virtual address of the vCPU that runs here, if it is aligned.
   *
   * @return the word, zero-extended; negative: {@link #copyIn} may still be able to read it
   */
  public static long load32(Vcpu vcpu, long guestVirtual) {
    long word = -1;
    if (Bits.isAligned(guestVirtual, Integer.BYTES)) {
      Cpu cpu = Cpu.current();
      Stage2Readers.enter(cpu);
      long source = translate(vcpu.domain.p2m, guestVirtual, false);
      if (source != 0) {
        word = Integer.toUnsignedLong(Memory.load32(source));
      }
      Stage2Readers.leave(cpu);
    }
    return word;
  }

  /**
   * Writes {@code size} bytes at a virtual address of the vCPU that runs here.
   *
   * @param source hypervisor address
   * @return false: the guest may not write there, or too many bytes
   */
  public static boolean copyOut(Vcpu vcpu, long guestVirtual, long source, long size) {
    P2m p2m = vcpu.domain.p2m;
    if (isOnePage(guestVirtual, size)) {
      Cpu cpu = Cpu.current();
      Stage2Readers.enter(cpu);
      long target = translate(p2m, guestVirtual, true);
      if (target != 0) {
        move(target, source, size);
      }
      Stage2Readers.leave(cpu);
      if (target != 0) {
        return true;
      }
    }
    return copyLocked(p2m, true, guestVirtual, source, size, true);
  }

  /** {@link #copyIn} from an intermediate physical address of any domain. */
  public static boolean copyInPhysical(Domain domain, long ipa, long target, long size) {
    return copyLocked(domain.p2m, false, ipa, target, size, false);
  }

  /** {@link #copyOut} to an intermediate physical address of any domain. */
  public static boolean copyOutPhysical(Domain domain, long ipa, long source, long size) {
    return copyLocked(domain.p2m, false, ipa, source, size, true);
  }

  /**
   * The intermediate physical address behind a virtual address that the running guest may write, or
   * -1.
   */
  public static long toPhysical(long guestVirtual) {
    ParEl1 result = translateStage1(guestVirtual, true);
    return result.failed() ? -1 : result.page() | offset(guestVirtual);
  }

  /**
   * Copies any number of pages; or one that could not be found without the lock, while another CPU
   * was cutting the block that it is in.
   */
  @NoInline
  private static boolean copyLocked(
      P2m p2m, boolean virtual, long guest, long own, long size, boolean write) {
    p2m.lock.lock();
    boolean done = copyPages(p2m, virtual, guest, own, size, write);
    p2m.lock.unlock();
    return done;
  }

  /** Checks every page, then copies page by page. At most {@link #MOST} bytes. */
  private static boolean copyPages(
      P2m p2m, boolean virtual, long guest, long own, long size, boolean write) {
    if (Long.compareUnsigned(size, MOST) > 0 || Long.compareUnsigned(guest, guest + size) > 0) {
      return false;
    }
    long done;
    for (done = 0; done < size; done += toPageEnd(guest + done)) {
      if (resolve(p2m, virtual, guest + done, write) == 0) {
        return false;
      }
    }
    done = 0;
    while (done < size) {
      long part = Math.min(toPageEnd(guest + done), size - done);
      long address = resolve(p2m, virtual, guest + done, write);
      if (address == 0) {
        return false;
      }
      if (write) {
        Memory.copy(address, own + done, part);
      } else {
        Memory.copy(own + done, address, part);
      }
      done += part;
    }
    return true;
  }

  private static long resolve(P2m p2m, boolean virtual, long guest, boolean write) {
    return virtual ? translate(p2m, guest, write) : physical(p2m, guest, write);
  }

  /** Hypervisor address of a guest virtual address, or 0. */
  @Inline
  private static long translate(P2m p2m, long guestVirtual, boolean write) {
    ParEl1 result = translateStage1(guestVirtual, write);
    if (result.failed()) {
      return 0;
    }
    return physical(p2m, result.page() | offset(guestVirtual), write);
  }

  /**
   * The running guest's own translation. PAR_EL1 is the guest's: an interrupt handler may have made
   * this hypercall between the guest's own AT and its reading of the result.
   */
  @Inline
  private static ParEl1 translateStage1(long guestVirtual, boolean write) {
    long guests = SysReg.PAR_EL1.read();
    if (write) {
      AddressTranslation.s1e1w(guestVirtual);
    } else {
      AddressTranslation.s1e1r(guestVirtual);
    }
    Barrier.isb(); // AT before the read of its result
    ParEl1 result = new ParEl1(SysReg.PAR_EL1.read());
    SysReg.PAR_EL1.write(guests);
    return result;
  }

  /** Hypervisor address of an intermediate physical address, or 0. */
  @Inline
  private static long physical(P2m p2m, long ipa, boolean write) {
    Stage2Descriptor found = p2m.walk(ipa >>> Frames.SHIFT);
    int type = found.type();
    if (type == P2mType.RAM_RW || (type == P2mType.RAM_RO && !write)) {
      return found.address() | offset(ipa);
    }
    return 0;
  }

  /** Copies; the sizes of most arguments without a call. */
  @Inline
  private static void move(long target, long source, long size) {
    if (size == Long.BYTES && Bits.isAligned(target | source, Long.BYTES)) {
      Memory.store64(target, Memory.load64(source));
    } else if (size == Integer.BYTES && Bits.isAligned(target | source, Integer.BYTES)) {
      Memory.store32(target, Memory.load32(source));
    } else if (size <= SHORT && Bits.isAligned(target | source | size, Long.BYTES)) {
      for (long done = 0; done < size; done += Long.BYTES) {
        Memory.store64(target + done, Memory.load64(source + done));
      }
    } else {
      Memory.copy(target, source, size);
    }
  }

  @Inline
  private static boolean isOnePage(long guest, long size) {
    return Long.compareUnsigned(size, toPageEnd(guest)) <= 0;
  }

  @Inline
  private static boolean isSamePage(long one, long other) {
    return one >>> Frames.SHIFT == other >>> Frames.SHIFT;
  }

  @Inline
  private static long toPageEnd(long guest) {
    return PAGE - offset(guest);
  }

  @Inline
  private static long offset(long guest) {
    return Bits.get(guest, Frames.SHIFT - 1, 0);
  }
}
