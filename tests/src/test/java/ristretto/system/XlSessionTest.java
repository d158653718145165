package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * Debian's unmodified xl, command by command, compared with what it prints under real Xen: {@code
 * -Dristretto.hypervisor=debian} runs the same session there.
 */
@Tag("system")
class XlSessionTest {
  @ParameterizedTest
  @EnumSource
  void printsWhatItPrintsUnderXen(Suite suite) {
    Systems.note("xl of " + suite);
    try (XlSession session = start(suite)) {
      session.section("dom0");
      session.section("mistakes");
      session.section("built");
      session.enterBooting("domu1");
      assertEquals("2\n", session.inDomu("nproc"));
      assertEquals("xen\n", session.inDomu("cat /sys/hypervisor/type"));
      assertEquals("/dev/hvc0\n", session.inDomu("tty"));
      session.leave();
      session.section("running");
      session.lookAtTop();
      session.enter("domu1");
      session.inDomu("echo 1 > /sys/devices/system/cpu/cpu1/online");
      session.leave();
      session.section("two CPUs again");
      session.section("reboot");
      session.enterBooting("domu1");
      session.leave();
      session.section("shutdown");
      session.section("gone");
      session.createAttached("/root/domu1.cfg");
      session.leave();
      session.section("left");
      session.enter("domu1");
      session.powerOff();
      session.section("gone");
      session.section("destroyed");
      session.section("gone");
      session.assertAsExpected();
    }
  }

  private static XlSession start(Suite suite) {
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.DIRECT, suite);
    return new XlSession(Dom0Session.start(boot).awaitShell(), XlScript.read("xl.txt", suite));
  }
}
