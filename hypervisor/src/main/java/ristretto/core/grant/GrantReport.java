package ristretto.core.grant;

import ristretto.abi.Gnttabop.EntryWord;
import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/** Debug key 'g': the grant tables, in Xen's form. */
public final class GrantReport implements DebugKey {
  /** Grants shown of one domain; more would keep the console, and this CPU, for long. */
  private static final int MOST = 256;

  /** Uses of a grant have a byte each in Xen's form: those for writing, then those for reading. */
  private static final int MOST_COUNTED = 0xff;

  @Override
  public int key() {
    return 'g';
  }

  @Override
  public String description() {
    return "print grant table usage";
  }

  @Override
  @Cold
  public void press() {
    Log.print().text("gnttab_usage_print_all [ key 'g' pressed").end();
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        report(domain.id, domain.grants);
      }
    }
    Log.print().text("gnttab_usage_print_all ] done").end();
  }

  @Cold
  private static void report(int domain, GrantTable grants) {
    Log.print().text("      -------- active --------       -------- shared --------").end();
    Log.print().text("[ref] localdom mfn      pin          localdom gmfn     flags").end();
    Log.print().text("grant-table for remote d").dec(domain).text(" (v1)").end();
    Log.print()
        .text("  ")
        .dec(grants.count())
        .text(" frames (")
        .dec(grants.limit())
        .text(" max), ")
        .dec(grants.maptrack.frames())
        .text(" maptrack frames (")
        .dec(grants.maptrackLimit())
        .text(" max)")
        .end();
    int shown = 0;
    for (int ref = grants.nextUsed(0); ref >= 0 && shown < MOST; ref = grants.nextUsed(ref + 1)) {
      report(ref, grants.uses.at(ref), grants.word(ref));
      shown++;
    }
    if (shown == 0) {
      Log.print().text("no active grant table entries").end();
    }
  }

  /** Read without the lock: a report of what is there now is out of date when it is read. */
  @Cold
  private static void report(int ref, ActiveGrant active, EntryWord shared) {
    long pin =
        Bits.put(
            (long) Math.min(active.writers(), MOST_COUNTED),
            15,
            8,
            Math.min(active.readers(), MOST_COUNTED));
    Log.print()
        .text("[0x")
        .hex(ref, 3)
        .text("]  ")
        .dec(active.grantee(), 5)
        .text(" 0x")
        .hex(active.frame(), 6)
        .text(" 0x")
        .hex(pin, 8)
        .text("      ")
        .dec(shared.domain(), 5)
        .text(" 0x")
        .hex(shared.gfn(), 6)
        .text(" 0x")
        .hex(shared.flags(), 2)
        .end();
  }
}
