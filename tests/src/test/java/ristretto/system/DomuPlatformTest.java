package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.VirtualMachine;

/**
 * What a DomU's configuration may ask for: interrupt controller, CPUs, memory, a compressed kernel;
 * and what happens at each kind of its end.
 */
@Tag("system")
class DomuPlatformTest {
  private static final String DOMU = "domu1";
  private static final int CPUS = 2;

  /** Dom0's share, 3.3 GiB for a DomU, and a little. */
  private static final int LARGE_MIB = 5120;

  @Test
  void everyKindOfEnd(@TempDir Path directory) throws IOException {
    Systems.note("DomUs that end in every way");
    Path guests = EndingGuests.write(directory.resolve("guests"));
    try (XlSession session = start(Systems.SMALL, Suite.TRIXIE, Systems.readOnlyDisk(guests))) {
      session.section("GICv3");
      session.section("not on Arm");
      session.section("labels");
      session.section("ends");
      session.assertAsExpected();
    }
  }

  @Test
  void eightCpusAndTwoBanks() {
    Systems.note("a DomU with a GICv3: 8 CPUs, memory in two banks");
    VirtualMachine machine = new VirtualMachine("cortex-a76", CPUS, LARGE_MIB, 3);
    try (XlSession session = start(machine, Suite.TRIXIE, List.of())) {
      session.section("large");
      String create = "xl create -q /tmp/large.cfg 'gic_version=\"v3\"'";
      assertEquals("", session.dom0().run(create, XlSession.DOMU_BOOT));
      session.enterBooting(DOMU);
      checkController(session, "GICv3");
      String ram = session.inDomu("grep RAM /proc/iomem");
      assertTrue(ram.contains("\n200000000-20fffffff : System RAM"), ram);
      checkCpus(session, 8);
      session.leave();
      session.section("fewer CPUs");
      session.enter(DOMU);
      assertEquals("0-2\n", session.inDomu("cat online"));
      session.leave();
      session.section("all CPUs");
      session.enter(DOMU);
      online(session, 8);
      session.inDomu("echo 1 > /proc/sys/kernel/panic"); // seconds until it reboots
      session.console().send("echo c > /proc/sysrq-trigger\n");
      session.console().text("Kernel panic - not syncing", XlSession.DOMU_BOOT);
      session.leave();
      session.section("panic");
      session.assertAsExpected();
    }
  }

  @Test
  void withGicv2() {
    Systems.note("a DomU with a GICv2: 4 CPUs, a compressed kernel, suspended");
    VirtualMachine machine = new VirtualMachine("cortex-a76", CPUS, 2048, 2);
    try (XlSession session = start(machine, Suite.BOOKWORM, List.of())) {
      session.section("GICv2");
      session.enterBooting(DOMU);
      checkController(session, "GIC-0"); // as Linux calls a GICv2
      checkCpus(session, 4);
      session.leave();
      session.section("suspended");
      session.assertAsExpected();
    }
  }

  private static XlSession start(VirtualMachine machine, Suite suite, List<String> options) {
    Boot boot = Systems.boot(machine, Boot.Way.DIRECT, suite).withDom0Options(Systems.PATIENT);
    XlScript script = XlScript.read("platform.txt", suite);
    return new XlSession(Dom0Session.start(boot, options).awaitShell(), script);
  }

  /** Interrupts come by this controller. */
  private static void checkController(XlSession session, String controller) {
    session.inDomu("dmesg -n 1"); // what it says of its CPUs is not for the console
    String timer = session.inDomu("grep arch_timer /proc/interrupts");
    assertTrue(timer.contains(controller), timer);
  }

  /** CPUs come and go by the DomU's own wish. */
  private static void checkCpus(XlSession session, int cpus) {
    session.inDomu("cd /sys/devices/system/cpu");
    assertEquals("0-" + (cpus - 1) + "\n", session.inDomu("cat online"));
    for (int times = 0; times < 2; times++) {
      session.inDomu("for c in cpu[1-9]; do echo 0 > $c/online; done");
      assertEquals("0\n", session.inDomu("cat online"));
      online(session, cpus);
    }
  }

  /** Brings up the CPUs that are not. */
  private static void online(XlSession session, int cpus) {
    session.inDomu("for c in cpu[1-9]; do grep -q 1 $c/online || echo 1 > $c/online; done");
    assertEquals("0-" + (cpus - 1) + "\n", session.inDomu("cat online"));
  }
}
