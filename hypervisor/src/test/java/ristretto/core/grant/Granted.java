package ristretto.core.grant;

import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.machine.Memory;

/** What a test's domain writes into its grant table, as the domain itself does. */
public final class Granted {
  /** Where the domains of the tests see their table. */
  private static final long TABLE = 0x38000;

  private Granted() {}

  /** Grants a page of the domain's memory. */
  public static void page(Domain domain, int ref, int grantee, int page, boolean readOnly) {
    entry(domain, ref, readOnly ? 5 : 1, grantee, EventMachine.gfn(page));
  }

  public static void entry(Domain domain, int ref, int flags, int grantee, long gfn) {
    long at = address(domain, ref);
    Memory.store32(at + 4, (int) gfn);
    Memory.store16(at + 2, grantee);
    Memory.store16(at, flags);
  }

  public static int flags(Domain domain, int ref) {
    return Memory.load16(address(domain, ref));
  }

  /** Hypervisor address of an entry in the first frame of the table. */
  static long address(Domain domain, int ref) {
    if (!domain.p2m.lookup(TABLE).isValid() && domain.grants.map(0, TABLE) != Errno.OK) {
      throw new AssertionError();
    }
    return domain.p2m.lookup(TABLE).address() + 8L * ref;
  }
}
