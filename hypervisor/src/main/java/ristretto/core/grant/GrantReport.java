package ristretto.core.grant;

import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.lang.Cold;

/** Debug key 'g': the grant tables, in Xen's form. */
public final class GrantReport implements DebugKey {
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
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        GrantTable grants = domain.grants;
        Log.print().text("grant-table for remote d").dec(domain.id).text(" (v1)").end();
        Log.print()
            .text("  ")
            .dec(grants.count())
            .text(" frames (")
            .dec(grants.limit())
            .text(" max)")
            .end();
      }
    }
  }
}
