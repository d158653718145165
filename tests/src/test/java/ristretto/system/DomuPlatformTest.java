package ristretto.system;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/** What a DomU's configuration may ask for, and what happens at each kind of its end. */
@Tag("system")
class DomuPlatformTest {
  @Test
  void everyKindOfEnd(@TempDir Path directory) throws IOException {
    Systems.note("DomUs that end in every way");
    Path guests = EndingGuests.write(directory.resolve("guests"));
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.DIRECT, Suite.TRIXIE);
    XlScript script = XlScript.read("platform.txt", Suite.TRIXIE);
    Dom0Session dom0 = Dom0Session.start(boot, EndingGuests.options(guests)).awaitShell();
    try (XlSession session = new XlSession(dom0, script)) {
      session.section("GICv3");
      session.section("not on Arm");
      session.section("labels");
      session.section("ends");
      session.assertAsExpected();
    }
  }
}
