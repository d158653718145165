package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What xl, xentop and a DomU tell of the time that its two vCPUs had of one CPU, which both always
 * want, beside the time that went by. All of it is told in the same machine, and each look is
 * between two readings of that machine's clock: a slow host moves the bounds apart, nothing else.
 */
final class CpuTimes {
  /** Seconds between xentop's two looks. */
  private static final int DELAY = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** xl prints tenths of a second. */
  private static final double ROUNDED = 0.05;

  /** {@code CPU(%)} has tenths, and the clock hundredths of a second. */
  private static final double PART_ROUNDED = 0.0005 + 0.02 / DELAY;

  /**
   * Of what two vCPUs missed, before and after: USER_HZ has 10 ms, and what was stolen since the
   * last tick, of which there are 250 a second, is not told yet.
   */
  private static final double STOLEN_ROUNDED = 2 * (0.01 + 0.004);

  /** Both vCPUs have something to do for ever, and have begun with it. */
  private static final List<String> BUSY =
      List.of(
          "busy() { : >/busy$1; while :; do :; done; }",
          "for cpu in 0 1; do taskset -p $((cpu + 1)) $$ >/dev/null; busy $cpu & done",
          "until [ -e /busy0 ] && [ -e /busy1 ]; do sleep 1; done");

  /**
   * The shell itself reads the clock: nothing is started that would take time. Lines are short: a
   * serial line of Xen's may lose what is behind the 128th character.
   */
  private static final String CLOCK = "clock() { read -r now rest </proc/uptime; }";

  /** On each CPU, for what is told of another one may be old: the clock, stolen time, the clock. */
  private static final List<String> STOLEN =
      List.of(
          "line() { while read -r name a b c d e f g steal rest; do [ $name = $1 ] && break; done; }",
          "on() { taskset -p $2 $$ >/dev/null; clock; from=$now; line $1 </proc/stat; clock; }",
          "stolen() { on $1 $2; echo \"stolen $from $steal $now\"; }");

  private static final String LOOK_STOLEN = "stolen cpu0 1; stolen cpu1 2";

  private static final List<String> LOOK =
      List.of(
          "look() { clock; echo $now at; xl vcpu-list domu1; clock; echo $now at; }",
          "lines() { while read -r line; do clock; echo \"$now $line\"; done; }");

  private static final String TWO_TOPS = "xentop -b -v -i 2 -d " + DELAY;

  private static final Pattern STOLEN_LINE =
      Pattern.compile("(?m)^stolen ([\\d.]+) (\\d+) ([\\d.]+)");
  private static final Pattern AT = Pattern.compile("(?m)^([\\d.]+) at\\s*$");
  private static final Pattern RAN = Pattern.compile("(?m)^domu1 .* (\\d+\\.\\d)  ");

  /** The line of the domain, and the next one with its vCPUs. */
  private static final Pattern TOP =
      Pattern.compile(
          "(?m)^([\\d.]+) domu1 +[-\\w]+ +(\\d+) +(\\d+\\.\\d) .*\\n"
              + "[\\d.]+ VCPUs\\(sec\\): +0: +(\\d+)s +1: +(\\d+)s");

  private final XlSession session;

  /** Of domu1, whose two vCPUs have one CPU, and nobody else has that. */
  CpuTimes(XlSession session) {
    this.session = session;
  }

  /** Fails where something told is not what went by. */
  void check() {
    session.enter("domu1");
    session.inDomu("until echo 1 > /sys/devices/system/cpu/cpu1/online; do sleep 1; done");
    session.inDomu(CLOCK);
    STOLEN.forEach(session::inDomu);
    BUSY.forEach(session::inDomu);
    List<MatchResult> before = matches(STOLEN_LINE, session.inDomu(LOOK_STOLEN));
    session.leave();
    session.dom0().run(CLOCK);
    LOOK.forEach(session.dom0()::run);
    String told = session.dom0().run("look; " + TWO_TOPS + " | lines; look", PATIENCE);
    session.enter("domu1");
    List<MatchResult> after = matches(STOLEN_LINE, session.inDomu(LOOK_STOLEN));
    session.leave();
    checkXl(told);
    checkTop(told);
    checkStolen(before, after);
  }

  /** What xl says that both ran is the time that went by between its two looks. */
  private static void checkXl(String told) {
    List<MatchResult> at = matches(AT, told);
    List<MatchResult> ran = matches(RAN, told);
    double both =
        number(ran.get(2), 1)
            + number(ran.get(3), 1)
            - number(ran.get(0), 1)
            - number(ran.get(1), 1);
    double least = number(at.get(2), 1) - number(at.get(1), 1);
    double most = number(at.get(3), 1) - number(at.get(0), 1);
    assertWithin(least, both, most, 4 * ROUNDED, told);
  }

  /** xentop's seconds are xl's, and its percentage is the whole of one CPU. */
  private static void checkTop(String told) {
    List<MatchResult> ran = matches(RAN, told);
    List<MatchResult> top = matches(TOP, told);
    assertEquals(2, top.size(), told);
    for (int look = 0; look < 2; look++) {
      double both = 0;
      for (int vcpu = 0; vcpu < 2; vcpu++) {
        double least = number(ran.get(vcpu), 1);
        double most = number(ran.get(2 + vcpu), 1);
        double seconds = number(top.get(look), 4 + vcpu);
        assertWithin(least - 1, seconds, most, ROUNDED, told);
        both += seconds;
      }
      assertWithin(both, number(top.get(look), 2), both + 2, 0, told);
    }
    // Of its looks the first is behind xl's, the second the delay behind that. Each takes the time
    // first and then the domains', and is over when it is printed.
    double began = number(matches(AT, told).get(1), 1);
    double first = number(top.get(0), 1) - began;
    double second = number(top.get(1), 1) - began - DELAY;
    double part = number(top.get(1), 3) / 100;
    double late = Math.max(first, second) / DELAY;
    assertWithin(1 - late, part, 1 + late, PART_ROUNDED, told);
    double seconds = number(top.get(1), 2) - number(top.get(0), 2);
    assertWithin(DELAY - first - 1, seconds, DELAY + second + 1, 0, told);
    Systems.note(String.format(Locale.ROOT, "xentop: %.1f %%, ±%.1f", 100 * part, 100 * late));
  }

  /** Two vCPUs that always want to run have one CPU: what both together miss is one CPU, too. */
  private static void checkStolen(List<MatchResult> before, List<MatchResult> after) {
    double stolen = 0;
    for (int cpu = 0; cpu < 2; cpu++) {
      stolen += (number(after.get(cpu), 2) - number(before.get(cpu), 2)) / 100; // USER_HZ
    }
    double least = number(after.get(0), 1) - number(before.get(1), 3);
    double most = number(after.get(1), 3) - number(before.get(0), 1);
    assertWithin(least, stolen, most, STOLEN_ROUNDED, "stolen");
    Systems.note(String.format(Locale.ROOT, "stolen: %.2f of %.2f to %.2f s", stolen, least, most));
  }

  private static void assertWithin(
      double least, double value, double most, double rounded, String told) {
    assertTrue(
        value >= least - rounded && value <= most + rounded,
        () -> value + " is not from " + least + " to " + most + ":\n" + told);
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static double number(MatchResult match, int group) {
    return Double.parseDouble(match.group(group));
  }
}
