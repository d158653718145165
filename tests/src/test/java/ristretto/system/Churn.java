package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.VirtualMachine;

/** DomUs that come and go, alone and beside others that work: a moment of it, or long. */
final class Churn {
  private static final VirtualMachine MACHINE = new VirtualMachine("cortex-a76", 2, 4096, 3);

  /** Rounds between two signs of life. */
  private static final int STEP = 4;

  private static final int LOADED = 4;
  private static final Pattern DID = Pattern.compile("cpu=(\\d+) net=(\\d+) disk=(\\d+)");

  private Churn() {}

  static DomuHost start() {
    Boot boot = Systems.boot(MACHINE, Boot.Way.DIRECT, Suite.TRIXIE);
    return DomuHost.start(boot.withDom0Options(Systems.PATIENT));
  }

  /** Creates and destroys DomUs; every page is free again in the end, and no log complains. */
  static void alone(int rounds) {
    Systems.note("booting for " + rounds + " DomUs, one after the other");
    try (DomuHost host = start()) {
      rounds(host, 1, STEP); // Dom0 keeps what it has once needed
      String before = before(host);
      for (int done = STEP; done < rounds; done += STEP) {
        rounds(host, done + 1, Math.min(done + STEP, rounds));
      }
      assertEverythingIsBack(host, before);
      host.assertNoComplaint();
    }
  }

  /** The same beside four DomUs that work on CPU, network and disk all the time. */
  static void besideLoad(Duration duration) {
    Systems.note("booting for 4 DomUs under load, and a fifth for " + duration.toSeconds() + " s");
    try (DomuHost host = start()) {
      rounds(host, 1, STEP);
      host.quietly("serve_load");
      String before = before(host);
      for (int i = 1; i <= LOADED; i++) {
        // On one CPU, and not before all are there: xl is to be done before its own deadlines.
        host.quietly("options=-p born_connected load" + i + " " + i + " 'cpus=\"1\"'");
      }
      host.quietly("for n in 1 2 3 4; do xl unpause load$n; done");
      host.quietly("until heard 4 'domu: ready'; do sleep 1; done");
      for (int i = 1; i <= LOADED; i++) {
        host.quietly("tell load" + i + " 'wget -q 192.168.77.1/load && . ./load'");
      }
      int[] work = awaitWork(host, "start", new int[LOADED * 3]);
      int done = STEP;
      for (long end = System.nanoTime() + duration.toNanos(); System.nanoTime() < end; ) {
        rounds(host, done + 1, done + STEP);
        done += STEP;
      }
      awaitWork(host, "end", work);
      noteAccount(host);
      // While they run, the scripts that libxl gives ten seconds would have to share the CPUs.
      host.quietly("for n in 1 2 3 4; do xl pause load$n; done");
      host.quietly("for n in 1 2 3 4; do xl destroy load$n; done");
      Systems.note((done - STEP) + " DomUs came and went beside the load");
      assertEverythingIsBack(host, before);
      host.assertNoComplaint();
    }
  }

  private static void rounds(DomuHost host, int first, int last) {
    host.quietly("rounds " + first + " " + last);
    if (last % (STEP * 5) == 0) {
      Systems.note(last + " DomUs created and destroyed");
    }
  }

  /** Waits until each kind of work of each DomU has got on; returns how far. */
  private static int[] awaitWork(DomuHost host, String mark, int[] before) {
    int[] now = before;
    for (int attempt = 1; !allMore(now, before); attempt++) {
      assertTrue(attempt < 100, "no progress since " + Arrays.toString(before));
      now = work(host, mark + attempt);
    }
    Systems.note("done by load (CPU, network, disk): " + Arrays.toString(now));
    return now;
  }

  private static boolean allMore(int[] now, int[] before) {
    for (int i = 0; i < now.length; i++) {
      if (now[i] <= before[i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] work(DomuHost host, String mark) {
    for (int i = 1; i <= LOADED; i++) {
      host.quietly("did load" + i + " " + mark);
    }
    host.quietly("until heard 4 '^did " + mark + "'; do sleep 1; done");
    Matcher did = DID.matcher(host.run("grep -h '^did " + mark + " ' /var/log/xen/console/*"));
    int[] work = new int[LOADED * 3];
    for (int i = 0; did.find(); i++) {
      for (int kind = 0; kind < 3; kind++) {
        work[i * 3 + kind] = Integer.parseInt(did.group(kind + 1));
      }
    }
    return work;
  }

  private static String before(DomuHost host) {
    noteAccount(host);
    return host.freeMemory();
  }

  private static void noteAccount(DomuHost host) {
    if (Systems.ours()) {
      Systems.note("Dom0's account: " + host.run("account"));
    }
  }

  private static void assertEverythingIsBack(DomuHost host, String freeBefore) {
    host.quietly("until_is 0 domains");
    noteAccount(host);
    host.awaitFreeMemory(freeBefore);
    assertEquals("", host.run("losetup -a; ls /sys/class/net/xenbr0/brif"));
  }
}
