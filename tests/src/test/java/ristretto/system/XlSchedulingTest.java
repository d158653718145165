package ristretto.system;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.VirtualMachine;

/**
 * CPUs, pools and schedulers given out by Debian's xl while a DomU runs on them, and the times that
 * it, Dom0's tools and the DomU tell of it.
 */
@Tag("system")
class XlSchedulingTest {
  private static final VirtualMachine FOUR = new VirtualMachine("cortex-a76", 4, 2048, 3);

  private static final List<String> SECTIONS =
      List.of("shares", "pools", "refused", "forgotten", "moved", "created", "pinned", "online");

  @ParameterizedTest
  @EnumSource
  void givesOutCpus(Suite suite) {
    Systems.note("CPUs and pools, xl of " + suite);
    try (XlSession session = start("sched.txt", suite)) {
      session.dom0().run("xl create -q /root/domu1.cfg");
      session.enterBooting("domu1");
      session.leave();
      for (String name : SECTIONS) {
        session.section(name);
      }
      session.assertAsExpected();
      Systems.note("times");
      session.dom0().run("xl vcpu-pin 0 all 0-2; xl vcpu-pin domu1 all 3");
      new CpuTimes(session).check();
    }
  }

  /** Debian's Xen has credit2 alone. */
  @Test
  void hasOtherSchedulers() {
    Systems.onlyOurs("Debian's Xen is built without RTDS, null and ARINC653");
    Systems.note("schedulers");
    try (XlSession session = start("schedulers.txt", Suite.TRIXIE)) {
      session.dom0().run("xl create -q /root/domu1.cfg");
      session.enterBooting("domu1");
      session.leave();
      for (String name : List.of("rtds", "null", "arinc653")) {
        session.section(name);
        session.enter("domu1"); // it answers
        session.leave();
      }
      session.assertAsExpected();
    }
  }

  private static XlSession start(String script, Suite suite) {
    Boot boot = Systems.boot(FOUR, Boot.Way.DIRECT, suite).withXenOptions("dom0_max_vcpus=2");
    return new XlSession(Dom0Session.start(boot).awaitShell(), XlScript.read(script, suite));
  }
}
