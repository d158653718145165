package ristretto.core.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.CpuStacks;
import ristretto.lang.BootMessage;
import ristretto.machine.CpuLocal;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;

class LogTest {
  private static final long RAM = 0x4000_0000L;

  private final FakeTerminal terminal = new FakeTerminal();
  private final Console console = new Console(4096);
  private final SimulatedMachine machine = machine(1);

  private static SimulatedMachine machine(int cpus) {
    return new SimulatedMachine(cpus)
        .ram(RAM, 1 << 20)
        .symbol(ImageSymbol.CPU_STACKS, ImageSymbol.LINK_BASE);
  }

  @BeforeEach
  void installConsole() {
    Console.install(console);
    machine.run(() -> console.start(terminal));
  }

  @AfterEach
  void restoreLevels() {
    Log.showUpTo(LogLevel.INFO);
    Log.showGuestUpTo(LogLevel.WARNING);
    Log.timestamps(0);
  }

  @Test
  void stampsLinesWithTheTime() {
    Log.timestamps(3);
    String text = logged(() -> Log.info().text("a").line("b").end());
    assertTrue(text.matches("(\\(XEN\\) \\[    0\\.\\d{6}] [ab]\n){2}"), text);
    Log.timestamps(4);
    String raw = logged(() -> Log.info().text("a").end());
    assertTrue(raw.matches("\\(XEN\\) \\[[0-9a-f]{16}] a\n"), raw);
  }

  @Test
  void stampsLinesWithTheDateOnceDom0HasSetTheClock() {
    Log.timeOfDay(0);
    Log.timestamps(1);
    String before = logged(() -> Log.info().text("a").end());
    assertTrue(before.matches("\\(XEN\\) \\[    0\\.\\d{6}] a\n"), before);
    LocalDateTime date = LocalDateTime.of(2024, 2, 29, 23, 59, 8);
    Log.timeOfDay(date.toEpochSecond(ZoneOffset.UTC) * 1_000_000_000);
    String seconds = logged(() -> Log.info().text("a").end());
    assertTrue(seconds.startsWith("(XEN) [2024-02-29 23:59:08] a\n"), seconds);
    Log.timestamps(2);
    String milliseconds = logged(() -> Log.info().text("a").end());
    assertTrue(
        milliseconds.matches("\\(XEN\\) \\[2024-02-29 23:59:08\\.\\d{3}] a\n"), milliseconds);
    Log.timeOfDay(0);
  }

  @Test
  void knowsTheCalendar() {
    for (long day = 0; day < 400_000; day += 1) {
      LocalDate expected = LocalDate.ofEpochDay(day);
      CivilDate date = new CivilDate(day);
      assertEquals(expected, LocalDate.of((int) date.year(), (int) date.month(), (int) date.day()));
    }
  }

  private String logged(Runnable body) {
    terminal.shown.setLength(0);
    machine.run(body);
    return terminal.text();
  }

  @Test
  void prefixesAndEndsALine() {
    String text =
        logged(() -> Log.info().text("dom").dec(3).text(" at ").hex(0xbeefL).character('!').end());
    assertEquals("(XEN) dom3 at 0xbeef!\n", text);
    assertTrue(terminal.shown.toString().endsWith("!\r\n"));
  }

  @Test
  void printsNumbersAsJavaDoes() {
    for (long value : new long[] {0, 1, -1, 9, 10, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32}) {
      assertNumber(value);
    }
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      assertNumber(random.nextLong() >> random.nextInt(64));
    }
  }

  private void assertNumber(long value) {
    String expected =
        "(XEN) %s %s 0x%s %s %s\n"
            .formatted(
                Long.toString(value),
                Long.toUnsignedString(value),
                Long.toHexString(value),
                "%016x".formatted(value),
                "%12d".formatted(value));
    String text =
        logged(() ->
            Log.info()
                .dec(value)
                .text(" ")
                .unsigned(value)
                .text(" ")
                .hex(value)
                .text(" ")
                .hex(value, 16)
                .text(" ")
                .dec(value, 12)
                .end());
    assertEquals(expected, text);
  }

  @Test
  void showsForeignTextHarmlessly() {
    machine.write(RAM, new byte[] {'a', 27, (byte) 0xc3, '~', 0, 'x'});
    String text =
        logged(() -> Log.info().characters(RAM, 6).message(new BootMessage(" b\u0007c")).end());
    assertEquals("(XEN) a??~ b?c\n", text);
  }

  @Test
  void keepsTheLinesOfOneMessageTogether() {
    assertEquals("(XEN) one\n(XEN) two\n", logged(() -> Log.info().text("one").line("two").end()));
  }

  @Test
  void cutsWhatDoesNotFit() {
    String text =
        logged(() -> {
          LogLine line = Log.info();
          for (int i = 0; i < 100; i++) {
            line.text("0123456789");
          }
          line.end();
        });
    assertEquals(LogLine.CAPACITY, text.length());
    assertTrue(text.endsWith("...\n"), text);
  }

  @Test
  void keepsALineThatJustFits() {
    String body = "x".repeat(LogLine.CAPACITY - LogLine.PREFIX.length() - 1);
    assertEquals("(XEN) " + body + "\n", logged(() -> Log.info().text(body).end()));
  }

  @Test
  void hidesWhatIsBelowTheThreshold() {
    assertEquals("", logged(() -> Log.debug().text("x").dec(1).hex(2).line("y").end()));
    Log.showUpTo(LogLevel.ERROR);
    String text =
        logged(() -> {
          Log.warn().text("warn").end();
          Log.error().text("error").end();
          Log.print().text("print").end();
        });
    assertEquals("(XEN) error\n(XEN) print\n", text);
  }

  @Test
  void hasAThresholdOfItsOwnForGuests() {
    String text =
        logged(() -> {
          Log.guest(LogLevel.INFO, null).text("info").end();
          Log.guest(LogLevel.WARNING, null).text("warning").end();
        });
    assertEquals("(XEN) warning\n", text);
  }

  @Test
  void limitsTheLinesThatADomainCauses() {
    GuestConsole guest = new GuestConsole(7, false);
    String text =
        logged(() -> {
          for (int i = 0; i < 1000; i++) {
            Log.guest(LogLevel.WARNING, guest).text("again and again and again").end();
          }
        });
    assertTrue(text.length() < GuestConsole.BURST + 1000, "printed " + text.length());
    assertEquals(1, text.lines().filter(line -> line.contains("budget")).count());
    assertTrue(guest.droppedBytes() > 0);
  }

  @Test
  void forgetsALineThatAFaultLeftUnfinished() {
    String text =
        logged(() -> {
          LogLine unfinished = Log.info().text("half");
          Log.emergency().text("fault").end();
          Log.info().text("next").end();
          assertTrue(unfinished != null);
        });
    assertEquals("(XEN) fault\n(XEN) next\n", text);
  }

  @Test
  void writesWithoutTheLockWhenThatIsGivenUp() {
    console.abandonLock();
    assertEquals("(XEN) panic\n", logged(() -> Log.print().text("panic").end()));
  }

  @Test
  void neverMixesLinesOfSeveralCpus() {
    for (long seed = 0; seed < 10; seed++) {
      terminal.shown.setLength(0);
      SimulatedMachine machine = machine(3).schedule(Switching.RANDOM, seed);
      Console shared = new Console(4096);
      Console.install(shared);
      machine.run(() -> shared.start(terminal));
      Runnable[] bodies = new Runnable[3];
      for (int cpu = 0; cpu < 3; cpu++) {
        int index = cpu;
        bodies[cpu] =
            () -> {
              CpuLocal.set(new Cpu(index, index, CpuStacks.top(index), 0));
              for (int i = 0; i < 5; i++) {
                LogLine line = Log.info().text("cpu");
                Memory.store64(RAM, i); // others run meanwhile
                line.dec(index).text(" line ").dec(i).end();
              }
            };
      }
      machine.runAll(bodies);
      assertEquals(15, terminal.text().lines().count());
      terminal
          .text()
          .lines()
          .forEach(line -> assertTrue(line.matches("\\(XEN\\) cpu[0-2] line [0-4]"), line));
    }
  }
}
