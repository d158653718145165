package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * Data goes through a DomU's network interface and its disks, a file and a block device of Dom0,
 * and arrives as it was sent: Linux's back ends in Dom0 and front ends in the DomU, over our grants
 * and event channels. The xenstored is the one in C here.
 */
@Tag("system")
class ParavirtualDevicesTest {
  private static final String DOMU = "domu2";
  private static final String IMAGE = "domu2.img";

  /** 256 KiB: pages enough to go around every ring. */
  private static final String RANDOM = "head -c 262144 /dev/urandom > ";

  @ParameterizedTest
  @EnumSource
  void carryDataUnharmed(Suite suite) {
    Systems.note("vif and disks of a DomU, " + suite);
    try (XlSession session = start(suite)) {
      session.section("created");
      session.enterBooting(DOMU);
      quiet(session, "dmesg -n 1"); // its kernel would write between a command's lines
      session.leave();
      session.section("connected");
      String received = copyToDomu(session);
      String returned = copyToDom0(session);
      writeDisk(session, received);
      useBlockDevice(session, received);
      session.section("detached");
      assertEquals(received, checksumInImage(session, IMAGE));
      session.section("attached");
      useAgain(session, received);
      session.section("destroyed");
      assertEquals(returned, checksumInImage(session, IMAGE));
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
    copyTo(session, "xvda", expected);
    session.leave();
  }

  /** A block device of Dom0 comes as a second disk, and goes again. */
  private static void useBlockDevice(XlSession session, String expected) {
    Systems.note("block device");
    session.section("block device attached");
    session.enter(DOMU);
    quiet(session, "until [ -b /dev/xvdb ]; do sleep 0.1; done");
    copyTo(session, "xvdb", expected);
    session.leave();
    session.section("block device detached");
    assertEquals(expected, checksumInImage(session, "/dev/loop7"));
    session.section("block device gone");
  }

  /** Puts a file on a fresh disk, lets go of the disk, and reads the file from it again. */
  private static void copyTo(XlSession session, String disk, String expected) {
    session.inDomu("mke2fs /dev/" + disk);
    mount(session, disk);
    quiet(session, "cp /share/down /mnt/data && sync");
    quiet(session, "umount /mnt"); // with it goes what the kernel remembers of the file
    mount(session, disk);
    assertEquals(expected, checksum(session.inDomu("sha256sum < /mnt/data")));
    quiet(session, "umount /mnt");
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
    mount(session, "xvda");
    assertEquals(expected, checksum(session.inDomu("sha256sum < /mnt/data")));
    quiet(session, "cp /share/up /mnt/data && sync");
    session.leave(); // mounted still: to be destroyed in use
  }

  private static void mount(XlSession session, String disk) {
    quiet(session, "mount -t ext2 /dev/" + disk + " /mnt");
  }

  /** Reads the DomU's file from the file or device in Dom0 that is its disk. */
  private static String checksumInImage(XlSession session, String image) {
    String read = "debugfs -R 'cat data' " + image + " 2>/dev/null | sha256sum";
    return checksum(session.dom0().run(read));
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

  private static XlSession start(Suite suite) {
    // A variable of Debian's script that starts the daemons; the kernel hands it to init.
    Boot boot =
        Systems.boot(Systems.SMALL, Boot.Way.DIRECT, suite)
            .withDom0Options("XENSTORED=/usr/sbin/xenstored");
    XlScript script = XlScript.read("devices.txt", suite);
    // One session over telnet, the other as all others: Ctrl-] gets through both.
    Dom0Session dom0 =
        suite == Suite.BOOKWORM ? Dom0Session.startOverTelnet(boot) : Dom0Session.start(boot);
    return new XlSession(dom0.awaitShell(), script);
  }
}
