package ristretto.system;

import org.junit.jupiter.api.Tag;
import ristretto.tools.debian.Suite;

/** All of them with Debian 12 and GICv2, of which {@link HostileGuestsOlderTest} has a part. */
@Tag("endurance")
class HostileGuestsOlderLongTest extends HostileGuests {
  HostileGuestsOlderLongTest() {
    super(Suite.BOOKWORM, 2);
  }
}
