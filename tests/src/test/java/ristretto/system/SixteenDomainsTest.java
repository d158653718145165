package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many small DomUs as one has at hand: all run, all answer, and what they had comes back. */
@Tag("system")
class SixteenDomainsTest {
  private static final int COUNT = 16;

  /** KiB: an eighth of what Xen keeps for a small DomU. */
  private static final int MOST_KEPT = 512;

  @Test
  void runAtOnceAndAnswer() {
    Systems.note("booting for 16 DomUs");
    try (DomuHost host = Churn.start()) {
      host.quietly("rounds 1 1"); // Dom0 keeps what it has once needed
      String before = host.freeMemory();
      for (int i = 1; i <= COUNT; i++) {
        host.quietly("born d" + i);
      }
      assertEquals(Integer.toString(COUNT), host.run("domains"));
      Systems.note("16 DomUs boot");
      host.quietly("until heard 16 'domu: ready'; do sleep 1; done");
      Systems.note("asking them");
      host.quietly("for n in {1..16}; do tell d$n 'echo answer $((6 * 7)) of $(nproc)'; done");
      host.quietly("until heard 16 '^answer 42 of 1'; do sleep 0.5; done");
      if (Systems.ours()) {
        int kept = Integer.parseInt(host.run("kept_per_domain"));
        Systems.note(kept + " KiB are kept for each beside its page tables");
        assertTrue(kept <= MOST_KEPT, "KiB a DomU: " + kept);
      }
      tooMuch(host);
      Systems.note("destroying them");
      host.quietly("for n in {1..16}; do xl destroy d$n; done");
      host.quietly("until_is 0 domains");
      host.awaitFreeMemory(before);
      host.assertNoComplaint();
    }
  }

  /** One more than there is memory for is refused, and costs nothing. */
  private static void tooMuch(DomuHost host) {
    String left = host.freeMemory();
    String refusal = host.run("born another memory=3000");
    assertTrue(refusal.contains("Cannot allocate memory"), refusal);
    assertEquals(Integer.toString(COUNT), host.run("domains"));
    host.awaitFreeMemory(left);
  }
}
