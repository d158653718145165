package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
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

  /** xl prints tenths of a second, of each of two vCPUs. */
  private static final double ROUNDING = 0.2;

  private static final List<String> SECTIONS =
      List.of("shares", "pools", "refused", "forgotten", "moved", "created", "pinned", "online");

  private static final Pattern SECONDS = Pattern.compile("(?m)^(\\d+\\.\\d+) \\d+\\.\\d+$");
  private static final Pattern RAN = Pattern.compile("(?m)^domu1 .* (\\d+\\.\\d)  ");
  private static final Pattern STATES = Pattern.compile("(?m)^cpu +([\\d ]+)$");

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
      session.enter("domu1");
      session.inDomu("until echo 1 > /sys/devices/system/cpu/cpu1/online; do sleep 1; done");
      session.inDomu("(while :; do :; done) & (while :; do :; done) &");
      assertTimeIsStolen(session);
      session.leave();
      assertOneCpuIsUsed(session.dom0());
    }
  }

  /** Two vCPUs that always want to run have one CPU: what both together miss is one CPU, too. */
  private static void assertTimeIsStolen(XlSession session) {
    String command = "cat /proc/uptime; grep '^cpu ' /proc/stat; sleep 10";
    String told = session.inDomu(command + "; " + command);
    List<Double> uptime = numbers(SECONDS, told);
    List<String> states = STATES.matcher(told).results().map(line -> line.group(1)).toList();
    double elapsed = uptime.get(1) - uptime.get(0);
    double stolen = (stolen(states.get(1)) - stolen(states.get(0))) / 100; // USER_HZ
    assertTrue(Math.abs(stolen - elapsed) < 0.3 * elapsed, told);
  }

  /** Of user, nice, system, idle, iowait, irq, softirq, steal. */
  private static double stolen(String states) {
    return Double.parseDouble(states.strip().split(" +", -1)[7]);
  }

  /** What xl says that both ran is the time that went by between its two looks. */
  private static void assertOneCpuIsUsed(Dom0Session dom0) {
    String look = "cat /proc/uptime; xl vcpu-list domu1; cat /proc/uptime";
    String told = dom0.run(look + "; sleep 10; " + look);
    List<Double> ran = numbers(RAN, told);
    List<Double> at = numbers(SECONDS, told);
    double both = ran.get(2) + ran.get(3) - ran.get(0) - ran.get(1);
    assertTrue(both > at.get(2) - at.get(1) - ROUNDING, told);
    assertTrue(both < at.get(3) - at.get(0) + ROUNDING, told);
  }

  private static List<Double> numbers(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> Double.parseDouble(match.group(1)))
        .toList();
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
