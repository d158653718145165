package ristretto.system;

import org.junit.jupiter.api.Tag;
import ristretto.tools.debian.Suite;

/** Debian 13 and GICv3. */
@Tag("system")
class HostileGuestsTest extends HostileGuests {
  HostileGuestsTest() {
    super(Suite.TRIXIE, 3);
  }
}
