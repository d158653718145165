package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * Data goes through a DomU's network interface and its disk and arrives as it was sent: Linux's
 * back ends in Dom0 and front ends in the DomU, over our grants and event channels.
 */
@Tag("system")
class ParavirtualDevicesTest {
  private static final String DOMU = "domu2";

  /** 256 KiB: pages enough to go around every ring. */
  private static final String RANDOM = "head -c 262144 /dev/urandom > ";

  @Test
  void carryDataUnharmed() {
    Systems.note("vif and disk of a DomU");
    try (XlSession session = start()) {
      session.section("created");
      session.enterBooting(DOMU);
      quiet(session, "dmesg -n 1"); // its kernel would write between a command's lines
      session.leave();
      session.section("connected");
      String received = copyToDomu(session);
      String returned = copyToDom0(session);
      writeDisk(session, received);
      session.section("detached");
      assertEquals(received, checksumInImage(session));
      session.section("attached");
      useAgain(session, received);
      session.section("destroyed");
      assertEquals(returned, checksumInImage(session));
      session.assertAsExpected();
    }
  }

  /** Returns the checksum of what the DomU holds then as /share/down. */
  private static String copyToDomu(XlSession session) {
    Systems.note("Dom0 to DomU");
    session.dom0().run("mkdir /tmp/share; " + RANDOM + "/tmp/share/down");
    assertEquals("262144\n", session.dom0().run("wc -c < /tmp/share/down"));
    session.dom0().run("busybox httpd -h /tmp/share");
    String sent = checksum(session.dom0().run("sha256sum < /tmp/share/down"));
    session.enter(DOMU);
    quiet(session, "mkdir /share");
    quiet(session, "wget -q -P /share http://192.168.77.1/down");
    assertEquals(sent, checksum(session.inDomu("sha256sum < /share/down")));
    session.leave();
    return sent;
  }

  /** Returns the checksum of what the DomU holds as /share/up. */
  private static String copyToDom0(XlSession session) {
    Systems.note("DomU to Dom0");
    session.enter(DOMU);
    quiet(session, RANDOM + "/share/up");
    quiet(session, "httpd -h /share");
    assertEquals("262144\n", session.inDomu("wc -c < /share/up"));
    String sent = checksum(session.inDomu("sha256sum < /share/up"));
    session.leave();
    assertEquals("", session.dom0().run("busybox wget -q -P /tmp http://192.168.77.2/up"));
    assertEquals(sent, checksum(session.dom0().run("sha256sum < /tmp/up")));
    return sent;
  }

  private static void writeDisk(XlSession session, String expected) {
    Systems.note("disk");
    session.enter(DOMU);
    assertEquals("131072\n", session.inDomu("cat /sys/block/xvda/size"));
    session.inDomu("mke2fs /dev/xvda");
    mount(session);
    quiet(session, "cp /share/down /mnt/data && sync");
    quiet(session, "umount /mnt"); // with it goes what the kernel remembers of the file
    mount(session);
    assertEquals(expected, checksum(session.inDomu("sha256sum < /mnt/data")));
    quiet(session, "umount /mnt");
    session.leave();
  }

  /** Devices taken away and given again are new ones to the DomU. */
  private static void useAgain(XlSession session, String expected) {
    Systems.note("attached again");
    session.enter(DOMU);
    quiet(session, "until [ -e /sys/class/net/eth0 ]; do sleep 0.1; done");
    quiet(session, "ip addr add 192.168.77.2/24 dev eth0");
    quiet(session, "ip link set eth0 up");
    String answers = session.inDomu("ping -q -c 3 192.168.77.1");
    assertTrue(answers.contains(" 3 packets received"), answers);
    quiet(session, "until [ -b /dev/xvda ]; do sleep 0.1; done");
    mount(session);
    assertEquals(expected, checksum(session.inDomu("sha256sum < /mnt/data")));
    quiet(session, "cp /share/up /mnt/data && sync");
    session.leave(); // mounted still: to be destroyed in use
  }

  private static void mount(XlSession session) {
    quiet(session, "mount -t ext2 /dev/xvda /mnt");
  }

  /** Reads the DomU's file from the file in Dom0 that is its disk. */
  private static String checksumInImage(XlSession session) {
    String sum = session.dom0().run("debugfs -R 'cat data' domu2.img 2>/dev/null | sha256sum");
    return checksum(sum);
  }

  private static String checksum(String line) {
    Matcher sum = Pattern.compile("([0-9a-f]{64})  -\n").matcher(line);
    assertTrue(sum.matches(), line);
    return sum.group(1);
  }

  /** Runs a command in the DomU that has nothing to say unless it fails. */
  private static void quiet(XlSession session, String command) {
    assertEquals("", session.inDomu(command), command);
  }

  private static XlSession start() {
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.DIRECT, Suite.TRIXIE);
    XlScript script = XlScript.read("devices.txt", Set.of());
    return new XlSession(Dom0Session.start(boot).awaitShell(), script);
  }
}
