package ristretto.core.domain;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomainId;
import ristretto.lang.Inline;

/**
 * All domains, by number. A number is given to one domain at a time and its slot is the number's
 * low bits, so that a look-up is one comparison. Who keeps a number looks it up again.
 */
public final class Domains {
  /** Domains that can exist at the same time; a power of two. */
  public static final int MAXIMUM = 64;

  private static final @Nullable Domain[] SLOTS = new Domain[MAXIMUM];

  private Domains() {}

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

  /** No domain has the number {@code id}, and one may be given it. */
  public static boolean isFree(int id) {
    return SLOTS[id & MAXIMUM - 1] == null;
  }

  /** From here on the domain can be found. */
  public static void add(Domain domain) {
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
