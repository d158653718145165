package ristretto.core.mm;

import java.util.Arrays;
import ristretto.arch.VttbrEl2;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.SysReg;

/** VMIDs in use. 0 stays unused, so that a VTTBR_EL2 of 0 belongs to nobody. */
final class Vmids {
  /** More than there can be domains; CPUs with 8-bit VMIDs have as many. */
  private static final int COUNT = MemoryAccount.MAXIMUM;

  private static final int WIDE = 2;
  private static final SpinLock LOCK = new SpinLock(LockRank.FRAMES);
  private static final long[] USED = new long[COUNT / Long.SIZE];

  private Vmids() {}

  /** None is in use: the machine starts. */
  @BootOnly
  static void reset() {
    Arrays.fill(USED, 0);
  }

  /** The CPU has 16-bit VMIDs. Arm ARM DDI 0487, "ID_AA64MMFR1_EL1", VMIDBits. */
  static boolean areWide() {
    return Bits.get(SysReg.ID_AA64MMFR1_EL1.read(), 7, 4) == WIDE;
  }

  /** A VMID that no TLB knows, or -1. */
  static int allocate() {
    LOCK.lock();
    int found = -1;
    for (int vmid = 1; vmid < COUNT && found < 0; vmid++) {
      if (!Bits.isSet(USED[vmid / Long.SIZE], vmid % Long.SIZE)) {
        set(vmid, true);
        found = vmid;
      }
    }
    LOCK.unlock();
    return found;
  }

  /**
   * The VMID has no entries in any TLB: {@link Stage2Tlb#forgetAll} is the caller's, before this.
   */
  static void free(int vmid) {
    LOCK.lock();
    set(vmid, false);
    LOCK.unlock();
  }

  private static void set(int vmid, boolean used) {
    int word = vmid / Long.SIZE;
    USED[word] = Bits.with(USED[word], vmid % Long.SIZE, used);
  }

  /** How many are in use: for tests. */
  static int count() {
    int count = 0;
    for (long word : USED) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** For tests, which share the class. */
  static boolean isUsed(long vttbr) {
    int vmid = new VttbrEl2(vttbr).vmid();
    return Bits.isSet(USED[vmid / Long.SIZE], vmid % Long.SIZE);
  }
}
