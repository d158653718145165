package ristretto.core.event;

import java.util.Arrays;
import ristretto.abi.DomainId;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;

/**
 * The domains that were created, shut down, began to die or are gone since the toolstack asked for
 * them: a bit for every number. There is one who asks: whoever has bound VIRQ_DOM_EXC, which says
 * that something is to be asked for; binding it anew begins with every domain that exists.
 */
@Cold
public final class DomainChanges {
  private static final int NONE = -1;

  private static final SpinLock LOCK = new SpinLock(LockRank.DOMAIN_CHANGES);

  /** Guarded by the lock. */
  private static long[] changed = {};

  private DomainChanges() {}

  /** Before the first domain is made known. */
  @BootOnly
  public static void start() {
    changed = new long[(DomainId.FIRST_RESERVED + Long.SIZE - 1) / Long.SIZE];
  }

  /** The domain of this number has changed its state. */
  public static void note(int id) {
    LOCK.lock();
    set(id);
    LOCK.unlock();
  }

  /** Who asks is new: it knows nothing yet. */
  static void beginAnew() {
    LOCK.lock();
    Arrays.fill(changed, 0);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        set(domain.id);
      }
    }
    LOCK.unlock();
  }

  /**
   * The number of a domain that has changed, which counts as told then.
   *
   * @return negative: there is none
   */
  public static int take() {
    int id = NONE;
    LOCK.lock();
    for (int word = 0; word < changed.length && id == NONE; word++) {
      if (changed[word] != 0) {
        id = word * Long.SIZE + Long.numberOfTrailingZeros(changed[word]);
        changed[word] &= changed[word] - 1;
      }
    }
    LOCK.unlock();
    return id;
  }

  private static void set(int id) {
    int word = id / Long.SIZE;
    if (id >= 0 && word < changed.length) {
      changed[word] |= Bits.bit(id % Long.SIZE);
    }
  }
}
