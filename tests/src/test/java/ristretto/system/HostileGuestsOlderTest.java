package ristretto.system;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import ristretto.tools.debian.Suite;

/**
 * Debian 12 and GICv2: of each kind one guest, and what has to do with the interrupt controller.
 * {@link HostileGuestsOlderLongTest} has them all.
 */
@Tag("system")
class HostileGuestsOlderTest extends HostileGuests {
  HostileGuestsOlderTest() {
    super(Suite.BOOKWORM, 2);
  }

  @Override
  IntStream guests() {
    return IntStream.of(2, 5, 7, 9, 13, 15, 16, 17, 18, 19, 23, 25);
  }

  @Override
  IntStream ringWays() {
    return IntStream.of(0);
  }
}
