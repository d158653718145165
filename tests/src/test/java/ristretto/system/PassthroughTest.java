package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.console.Patience;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * QEMU's clock and its GPIO controller belong to a DomU, by the files that `./ristretto
 * passthrough` writes for them: its kernel's own drivers work them and get their interrupts, a
 * second DomU is refused them, and a later one has them again, which ends at once although it idles
 * under the scheduler null.
 */
@Tag("system")
class PassthroughTest {
  private static final String DOMU = "domu3";
  private static final int ATTEMPTS = Patience.times(60);

  /** The key on the GPIO controller would wait in Dom0 for the latter. */
  private static final String NODES = "/pl031@9010000 /pl061@9030000 /gpio-keys";

  @Test
  void clockAndGpioAreTheDomUs(@TempDir Path directory) throws IOException {
    Systems.note("devices passed through to a DomU");
    QemuMonitor monitor = new QemuMonitor(directory.resolve("monitor"));
    try (XlSession session = start(monitor)) {
      session.section("withheld");
      session.section("created");
      useDevices(session, monitor);
      session.section("taken");
      session.section("refused");
      session.section("destroyed");
      session.section("on a CPU of its own");
      useDevices(session, monitor);
      session.section("idle, and destroyed");
      session.assertAsExpected();
    }
  }

  private static void useDevices(XlSession session, QemuMonitor monitor) throws IOException {
    session.enterBooting(DOMU);
    Systems.note("the clock");
    assertEquals("rtc-pl031 9010000.pl031\n", session.inDomu("cat /sys/class/rtc/rtc0/name"));
    String time = session.inDomu("hwclock -r");
    assertTrue(time.matches("\\w+ \\w+ +\\d+ [\\d:]+ 20[2-9]\\d .*\n"), time);
    assertEquals(0, interrupts(session, "rtc-pl031"));
    assertEquals("", session.inDomu("echo +1 > /sys/class/rtc/rtc0/wakealarm"));
    awaitInterrupts(session, "rtc-pl031", 1);
    Systems.note("the key");
    assertEquals(
        "/sys/devices/platform/passthrough/9030000.pl061/gpiochip0\n",
        session.inDomu("readlink -f /sys/bus/gpio/devices/*"));
    int before = interrupts(session, "GPIO Key Poweroff");
    monitor.say("system_powerdown");
    awaitInterrupts(session, "GPIO Key Poweroff", before + 1);
    session.leave();
  }

  private static void awaitInterrupts(XlSession session, String name, int least) {
    for (int attempt = 0; attempt < ATTEMPTS && interrupts(session, name) < least; attempt++) {
      session.inDomu("sleep 0.5");
    }
    assertTrue(interrupts(session, name) >= least, name);
  }

  /** How often the DomU's one CPU has been interrupted so. */
  private static int interrupts(XlSession session, String name) {
    String line = session.inDomu("grep '" + name + "' /proc/interrupts");
    return Integer.parseInt(line.strip().split("\\s+", -1)[1]);
  }

  private static XlSession start(QemuMonitor monitor) {
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.UBOOT, Suite.TRIXIE).withPassthrough(NODES);
    XlScript script = XlScript.read("passthrough.txt", Suite.TRIXIE);
    return new XlSession(Dom0Session.start(boot, monitor.options()).awaitShell(), script);
  }
}
