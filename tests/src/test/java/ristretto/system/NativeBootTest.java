package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/** The same disk boots Linux without the hypervisor when U-Boot is left alone. */
@Tag("system")
class NativeBootTest {
  @Test
  void bootsLinuxOnTheBareMachine() {
    Systems.note("booting natively");
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.NATIVE, Suite.TRIXIE);
    try (Dom0Session linux = Dom0Session.start(boot)) {
      linux.awaitShell();
      assertEquals("/dev/ttyAMA0\n", linux.run("tty"));
      assertEquals("no Xen\n", linux.run("test -e /proc/xen || echo no Xen"));
      linux.type("poweroff");
      linux.awaitPowerOff();
    }
  }
}
