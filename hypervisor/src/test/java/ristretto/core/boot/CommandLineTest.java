package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.fdt.StrictMemory;
import ristretto.fdt.Text;

class CommandLineTest {
  private final List<String> reports = new ArrayList<>();

  private void parse(String line, Consumer<CommandLine> check) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    new StrictMemory(bytes, bytes.length + 1)
        .run(() -> {
          Reports collected = new Reports();
          Text text = new Text(StrictMemory.BASE, bytes.length);
          check.accept(CommandLine.parse(text, collected));
          reports.clear();
          for (int i = 0; i < collected.count(); i++) {
            reports.add(collected.get(i).toString());
          }
        });
  }

  @Test
  void understandsTheBoardsCommandLine() {
    parse(
        "console=dtuart dtuart=serial0:115200n8 dom0_mem=2048M guest_loglvl=all loglvl=all "
            + "maxcpus=4 hmp-unsafe=true dom0_max_vcpus=2 dom0_vcpus_pin iommu=verbose",
        line -> {
          assertEquals("serial0:115200n8", line.uart().toString());
          assertEquals(2048L << 20, line.dom0Memory());
          assertEquals(4, line.maxCpus());
          assertTrue(line.heterogeneous());
          assertTrue(line.dom0Pinned());
          assertEquals(2, line.dom0Vcpus(4));
          assertEquals(4, line.logLevel().printed());
        });
    assertEquals(
        List.of("command line: not supported by this build, ignored: iommu=verbose"), reports);
  }

  @Test
  void hasXensDefaults() {
    parse(
        "",
        line -> {
          assertEquals(512L << 20, line.dom0Memory());
          assertFalse(line.isDom0MemoryGiven());
          assertEquals(3, line.dom0Vcpus(3));
          assertEquals(1, line.switchCharacter());
          assertFalse(line.dom0Pinned());
          assertFalse(line.nativeWaitForInterrupt());
          assertEquals(64, line.grantFrames());
        });
  }

  @Test
  void saysWhyThereIsNoRunQueueForACoreAlone() {
    parse("credit2_runqueue=socket credit2_runqueue=node credit2_runqueue=all", line -> {});
    assertEquals(List.of(), reports);
    parse("credit2_runqueue=core", line -> {});
    assertEquals(
        List.of(
            "command line: credit2_runqueue: this value cannot be used, ignored: 'core': one of"
                + " socket, node, all: queues of fewer CPUs than a class has would not be fair"),
        reports);
  }

  @Test
  void saysWhichWordsThereAre() {
    parse("sched=nonsense vwfi=", line -> assertEquals(DomctlScheduler.CREDIT2, line.scheduler()));
    assertEquals(
        List.of(
            "command line: sched: this value cannot be used, ignored: 'nonsense': one of credit2,"
                + " null, rtds, arinc653",
            "command line: vwfi: this value cannot be used, ignored: '': one of trap, native"),
        reports);
  }

  @Test
  void readsTheReleaseToBeTakenFor() {
    parse("", line -> assertEquals(20, line.xenRelease()));
    parse("xen-version=4.17", line -> assertEquals(17, line.xenRelease()));
    parse("xen-version=4.22", line -> assertEquals(22, line.xenRelease()));
    assertEquals(List.of(), reports);
    parse("xen-version=4.16", line -> assertEquals(20, line.xenRelease()));
    assertEquals(1, reports.size());
  }

  @Test
  void knowsAllFormsOfABoolean() {
    for (String on : new String[] {"", "=1", "=yes", "=on", "=true", "=enable"}) {
      parse("noreboot" + on, line -> assertTrue(line.noReboot()));
    }
    for (String off : new String[] {"=0", "=no", "=off", "=false", "=disable"}) {
      parse("noreboot noreboot" + off, line -> assertFalse(line.noReboot()));
    }
    parse("noreboot no-noreboot", line -> assertFalse(line.noReboot()));
    parse("noreboot=maybe", line -> assertFalse(line.noReboot()));
    assertEquals(
        List.of("command line: noreboot: this value cannot be used, ignored: 'maybe'"), reports);
  }

  @Test
  void readsSizes() {
    check("dom0_mem=1024M", 1024L << 20);
    check("dom0_mem=1G", 1L << 30);
    check("dom0_mem=1048576", 1L << 30);
    check("dom0_mem=1073741824B", 1L << 30);
    check("dom0_mem=128M,max:256M", 128L << 20);
    check("dom0_mem=max:256M", 256L << 20);
    check("dom0_mem=min:1G,max:2G", 1L << 30);
    assertEquals(List.of(), reports);
    for (String bad : new String[] {"", "0", "-1G", "1X", "1G,", "lots", "min:", "99999999T"}) {
      check("dom0_mem=" + bad, 512L << 20);
      assertEquals(1, reports.size(), bad);
    }
  }

  private void check(String option, long expected) {
    parse(option, line -> assertEquals(expected, line.dom0Memory(), option));
  }

  @Test
  void readsRangesOfVcpus() {
    parse("dom0_max_vcpus=4-8", line -> assertEquals(4, line.dom0Vcpus(2)));
    parse("dom0_max_vcpus=4-8", line -> assertEquals(6, line.dom0Vcpus(6)));
    parse("dom0_max_vcpus=4-8", line -> assertEquals(8, line.dom0Vcpus(10)));
    parse("dom0_max_vcpus=-8", line -> assertEquals(8, line.dom0Vcpus(10)));
    parse("dom0_max_vcpus=4-", line -> assertEquals(4, line.dom0Vcpus(1)));
    parse("dom0_max_vcpus=8", line -> assertEquals(8, line.dom0Vcpus(1)));
    for (String bad : new String[] {"0", "8-4", "x", "", "1-2-3"}) {
      parse("dom0_max_vcpus=" + bad, line -> assertEquals(2, line.dom0Vcpus(2)));
      assertEquals(1, reports.size(), bad);
    }
  }

  @Test
  void reportsWhatNobodyKnows() {
    parse(
        "  Dom0_max_vcpus=2\tlog_level=debug  timer_slop=0 no-watchdog bootscrub=0 no-such ",
        line -> assertEquals(1, line.dom0Vcpus(1)));
    assertEquals(
        List.of(
            "command line: unknown option, ignored: Dom0_max_vcpus=2",
            "command line: unknown option, ignored: log_level=debug",
            "command line: not supported by this build, ignored: timer_slop=0",
            "command line: not supported by this build, ignored: no-watchdog",
            "command line: not supported by this build, ignored: bootscrub=0",
            "command line: unknown option, ignored: no-such"),
        reports);
  }

  /** Dom0's tree would else have room for more than there is. */
  @Test
  void refusesAGrantTableThatIsLargerThanOneCanBe() {
    parse("gnttab_max_frames=65", line -> assertEquals(64, line.grantFrames()));
    assertEquals(
        List.of("command line: gnttab_max_frames: this value cannot be used, ignored: '65'"),
        reports);
  }

  @Test
  void readsLevelsAndKeys() {
    parse(
        "loglvl=warning/all guest_loglvl=none conswitch=bx vwfi=native console_timestamps",
        line -> {
          assertEquals(2, line.logLevel().printed());
          assertEquals(4, line.logLevel().rateLimited());
          assertEquals(0, line.guestLogLevel().printed());
          assertEquals(2, line.switchCharacter());
          assertTrue(line.inputStaysWithHypervisor());
          assertTrue(line.nativeWaitForInterrupt());
          assertEquals(1, line.timestamps());
        });
    assertEquals(
        List.of("command line: loglvl=warning/all: messages of the second level are not printed"),
        reports);
  }

  /** What ./ristretto check takes for the names that there are. */
  @Test
  void namesEveryOptionOnce() {
    List<String> names = List.of(CommandLine.names());
    assertTrue(names.contains("dom0_mem") && names.contains("bootscrub"), names.toString());
    assertEquals(names.size(), new HashSet<>(names).size());
  }

  @Test
  void describesEachOptionOnce() {
    parse(
        "",
        line -> {
          Set<String> names = new HashSet<>();
          for (int i = 0; i < line.optionCount(); i++) {
            assertTrue(names.add(line.option(i).name));
            assertFalse(line.option(i).description.isEmpty());
          }
        });
  }
}
