package ristretto.core.domain;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2m;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;

/**
 * All domains, by number. A number is given to one domain at a time and its slot is the number's
 * low bits, so that a look-up is one comparison. Who keeps a number looks it up again.
 */
public final class Domains {
  /** Domains that can exist at the same time; a power of two. */
  public static final int MAXIMUM = 64;

  /** RAM for which there is room for one more domain. */
  private static final long RAM_PER_DOMAIN = 128L << 20;

  private static final int FEWEST = 8;

  private static final @Nullable Domain[] SLOTS = new Domain[MAXIMUM];

  /** Every domain that there can be beside Dom0, living or not. */
  private static final @Nullable Domain[] ROOM = new Domain[MAXIMUM - 1];

  /** The number that was given out last. Guarded by the toolstack's lock. */
  private static int lastGiven;

  private Domains() {}

  /** How many domains beside Dom0 a machine with so much RAM has room for. */
  public static int roomFor(long ram) {
    return (int) Math.max(FEWEST, Math.min(ram / RAM_PER_DOMAIN, MAXIMUM - 1));
  }

  /**
   * Makes the objects of all later domains; there is no other memory for them once the heap is
   * sealed.
   *
   * @param interruptLines INTIDs that each may have, a multiple of 32
   */
  @BootOnly
  public static void makeRoom(int count, int interruptLines) {
    for (int i = 0; i < MAXIMUM - 1; i++) {
      ROOM[i] =
          i < count
              ? new Domain(
                  false, Domain.MAXIMUM_VCPUS, interruptLines, new P2m(Frames.newAccount()))
              : null;
    }
    lastGiven = 0;
  }

  /** INTIDs that a domain beside Dom0 may have. */
  public static int mostLines() {
    Domain domain = ROOM[0];
    return domain == null ? 0 : domain.vgic.capacity();
  }

  /** An object for a new domain, or null when all live. The toolstack's lock is held. */
  static @Nullable Domain spare() {
    for (Domain domain : ROOM) {
      if (domain != null && !domain.isOpen()) {
        return domain;
      }
    }
    return null;
  }

  /**
   * The next number for a new domain: numbers go up, so that one that is kept by mistake names
   * nobody for a long time. The toolstack's lock is held.
   *
   * @return -1 when there are {@link #MAXIMUM} domains
   */
  static int nextNumber() {
    for (int i = 0; i < MAXIMUM; i++) {
      lastGiven = lastGiven + 1 < DomainId.FIRST_RESERVED ? lastGiven + 1 : 1;
      if (isFree(lastGiven)) {
        return lastGiven;
      }
    }
    return -1;
  }

  /** The living domain of that number, or null. Any number may be asked for. */
  @Inline
  public static @Nullable Domain find(int id) {
    Domain domain = SLOTS[id & MAXIMUM - 1];
    return domain != null && domain.id == id ? domain : null;
  }

  /** {@link #find} of a {@code domid_t} as a caller names it: DOMID_SELF is the caller. */
  public static @Nullable Domain named(Vcpu caller, int id) {
    return id == DomainId.SELF ? caller.domain : find(id);
  }

  /** The number behind a {@code domid_t}, whether or not there is such a domain. */
  public static int numberOf(Vcpu caller, int id) {
    return id == DomainId.SELF ? caller.domain.id : id;
  }

  /** The caller may act on {@code target}: on itself, and Dom0 on all. */
  public static boolean mayControl(Vcpu caller, Domain target) {
    return target == caller.domain || caller.domain.privileged;
  }

  /** The domain that the caller names, if there is it and the caller may act on it; or null. */
  public static @Nullable Domain controlled(Vcpu caller, int id) {
    Domain domain = named(caller, id);
    return domain != null && mayControl(caller, domain) ? domain : null;
  }

  /** Why {@link #controlled} found none: ESRCH or EPERM. */
  public static long refusal(Vcpu caller, int id) {
    return named(caller, id) == null ? Errno.ESRCH : Errno.EPERM;
  }

  /** No domain has the number {@code id}, and one may be given it. */
  public static boolean isFree(int id) {
    return SLOTS[id & MAXIMUM - 1] == null;
  }

  /** From here on the domain can be found. */
  public static void add(Domain domain) {
    Barrier.dmbIshst(); // who finds it sees it whole; pairs with the dependent loads in find
    SLOTS[domain.id & MAXIMUM - 1] = domain;
  }

  public static void remove(Domain domain) {
    SLOTS[domain.id & MAXIMUM - 1] = null;
  }

  /** The domain in a slot, for walks over all: 0 to {@link #MAXIMUM}, exclusive. */
  public static @Nullable Domain inSlot(int slot) {
    return SLOTS[slot];
  }
}
