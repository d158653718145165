package ristretto.core.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedMachine;

class ConsoleTest {
  private static final long RAM = 0x4000_0000L;

  private final FakeTerminal terminal = new FakeTerminal();
  private final Console console = new Console(1024);
  private final SimulatedMachine machine = new SimulatedMachine().ram(RAM, 1 << 20);
  private int notified;

  @BeforeEach
  void installConsole() {
    Console.install(console);
    console.input().listen(() -> notified++);
  }

  @AfterEach
  void restoreLevels() {
    Log.showGuestUpTo(LogLevel.WARNING);
  }

  private void start() {
    machine.run(() -> console.start(terminal));
    terminal.shown.setLength(0);
  }

  private void type(String text) {
    terminal.type(text);
    machine.run(console::onReceive);
  }

  private String dom0Reads() {
    int count = machine.call(() -> console.input().read(RAM, 128));
    return new String(machine.read(RAM, count), StandardCharsets.ISO_8859_1);
  }

  private String allThatDom0Reads() {
    StringBuilder read = new StringBuilder();
    for (String part = dom0Reads(); !part.isEmpty(); part = dom0Reads()) {
      read.append(part);
    }
    return read.toString();
  }

  private void guestWrites(GuestConsole guest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i += Console.GUEST_CHUNK) {
      int count = Math.min(Console.GUEST_CHUNK, bytes.length - i);
      byte[] chunk = new byte[count];
      System.arraycopy(bytes, i, chunk, 0, count);
      machine.write(RAM, chunk);
      machine.run(() -> console.writeGuest(guest, RAM, count));
    }
  }

  private String log(int position) {
    return machine.call(() -> {
      int count = console.readLog(console.logResume(position), RAM, 4096);
      return new String(machine.read(RAM, count), StandardCharsets.ISO_8859_1);
    });
  }

  @Test
  void showsWhatWasLoggedBeforeItStarted() {
    machine.run(() -> {
      Log.info().text("early").end();
      console.start(terminal);
      Log.info().text("late").end();
    });
    assertEquals("(XEN) early\n(XEN) late\n", terminal.text());
  }

  @Test
  void keepsTheNewestOfTheLog() {
    machine.run(() -> {
      for (int i = 0; i < 200; i++) {
        Log.info().text("line ").dec(i).end();
      }
    });
    String log = log(0);
    assertEquals(1024, log.length());
    assertTrue(log.endsWith("(XEN) line 198\n(XEN) line 199\n"), log);
  }

  @Test
  void keepsTheLogInARingOfAnotherSize() {
    machine.run(() -> {
      for (int i = 0; i < 200; i++) {
        Log.info().text("line ").dec(i).end();
      }
      console.resizeRing(2048);
      for (int i = 200; i < 220; i++) {
        Log.info().text("line ").dec(i).end();
      }
    });
    String log = log(0);
    assertTrue(log.contains("(XEN) line 140\n") && log.endsWith("(XEN) line 219\n"), log);
  }

  @Test
  void makesTheRingAPowerOfTwo() {
    assertEquals(Console.DEFAULT_RING_SIZE, Console.ringSize(1));
    assertEquals(1 << 20, Console.ringSize((1 << 19) + 1));
    assertEquals(1 << 20, Console.ringSize(1 << 20));
    assertEquals(8 << 20, Console.ringSize(Long.MAX_VALUE));
  }

  @Test
  void readsOnFromAPositionAndAfterAClear() {
    machine.run(() -> Log.info().text("one").end());
    int position = machine.call(console::logStart) + 10;
    machine.run(() -> Log.info().text("two").end());
    assertEquals("(XEN) two\n", log(position));
    assertEquals("(XEN) one\n(XEN) two\n", log(0));
    machine.run(() -> console.clearLog(console.logStart() + 20));
    assertEquals("", log(0));
    machine.run(() -> Log.info().text("three").end());
    assertEquals("(XEN) three\n", log(0));
  }

  @Test
  void keepsTheLogWhenTheRingIsResized() {
    machine.run(() -> {
      for (int i = 0; i < 90; i++) {
        Log.info().text("line ").dec(i).end();
      }
    });
    String before = log(0);
    machine.run(() -> console.resizeRing(4096));
    assertEquals(before, log(0));
    machine.run(() -> console.resizeRing(64));
    assertEquals(before.substring(before.length() - 64), log(0));
  }

  @Test
  void givesTypedBytesToDom0() {
    start();
    type("ls\r");
    assertEquals(1, notified);
    assertEquals("ls\r", dom0Reads());
    assertEquals("", dom0Reads());
  }

  @Test
  void takesWhatHasBeenTypedBefore() {
    start();
    terminal.type("early");
    machine.run(console::enableInput);
    assertEquals("early", allThatDom0Reads());
  }

  /** A script pasted into the terminal comes faster than Dom0 reads. */
  @Test
  void keepsAWholePaste() {
    start();
    String paste = "echo a line of a script that is pasted\n".repeat(50);
    for (int i = 0; i < paste.length(); i += 100) {
      type(paste.substring(i, Math.min(paste.length(), i + 100)));
    }
    assertEquals(paste, allThatDom0Reads());
  }

  @Test
  void keepsOnlyWhatFitsDom0sBuffer() {
    start();
    for (int i = 0; i < 50; i++) {
      type("x".repeat(100));
    }
    assertEquals(InputBuffer.CAPACITY, allThatDom0Reads().length());
  }

  @Test
  void switchesTheInputOnThreeControlAs() {
    start();
    type("\u0001\u0001\u0001");
    assertEquals(
        "(XEN) *** Serial input to Xen (type 'CTRL-a' three times to switch input)\n",
        terminal.text());
    assertEquals(0, notified);
    type("?\u0001\u0001\u0001z");
    assertEquals(
        "(XEN) *** Serial input to DOM0 (type 'CTRL-a' three times to switch input)",
        terminal.text().lines().toList().getLast());
    assertEquals("z", dom0Reads());
  }

  @Test
  void deliversControlAsThatSwitchNothing() {
    start();
    type("a\u0001\u0001");
    assertEquals("a", dom0Reads());
    type("b");
    assertEquals("\u0001\u0001b", dom0Reads());
  }

  @Test
  void takesAnotherSwitchLetter() {
    start();
    console.input().switchCharacter(2);
    type("\u0001\u0001\u0001");
    assertEquals("", terminal.text());
    type("\u0002\u0002\u0002");
    assertTrue(terminal.text().contains("Xen (type 'CTRL-b'"), terminal.text());
  }

  @Test
  void listsDebugKeysAndRefusesUnknownOnes() {
    start();
    console
        .keys()
        .register(
            new DebugKey() {
              @Override
              public int key() {
                return 'q';
              }

              @Override
              public String description() {
                return "dump domain info";
              }

              @Override
              public void press() {
                Log.print().text("no domains").end();
              }
            });
    machine.run(() -> {
      console.keys().press('h');
      console.keys().press('q');
      console.keys().press('Z');
      console.keys().press(200);
    });
    assertEquals(
        """
        (XEN) 'h' pressed -> show this message
        (XEN) installed debug keys:
        (XEN)  key '+' (ascii '2b') => increase log level threshold
        (XEN)  key '-' (ascii '2d') => decrease log level threshold
        (XEN)  key 'G' (ascii '47') => toggle host/guest log level adjustment
        (XEN)  key 'h' (ascii '68') => show this message
        (XEN)  key 'q' (ascii '71') => dump domain info
        (XEN)  key 'w' (ascii '77') => synchronously dump console ring buffer (dmesg)
        (XEN) 'q' pressed -> dump domain info
        (XEN) no domains
        (XEN) 'Z' pressed -> no such debug key, 'h' lists them
        (XEN) '?' pressed -> no such debug key, 'h' lists them
        """,
        terminal.text());
  }

  @Test
  void movesTheThresholdsByKey() {
    start();
    machine.run(() -> {
      console.keys().press('+');
      console.keys().press('+');
      Log.debug().text("shown now").end();
      console.keys().press('G');
      console.keys().press('-');
      console.keys().press('G');
    });
    assertEquals(LogLevel.DEBUG, Log.threshold());
    assertEquals(LogLevel.ERROR, Log.guestThreshold());
    Log.showUpTo(LogLevel.INFO);
    assertTrue(terminal.text().contains("(XEN) messages: everything\n(XEN) shown now\n"));
    assertTrue(terminal.text().contains("(XEN) guests' messages: errors\n"), terminal.text());
  }

  @Test
  void showsTheLogAgainByKey() {
    machine.run(() -> Log.info().text("at boot").end());
    start();
    machine.run(() -> console.keys().press('w'));
    assertTrue(terminal.text().contains("(XEN) at boot\n(XEN) 'w' pressed"), terminal.text());
    assertEquals(1, log(0).lines().filter(line -> line.contains("at boot")).count());
  }

  @Test
  void keepsDom0sOutputInTheLogIfAsked() {
    start();
    console.keepDom0Output(true);
    guestWrites(new GuestConsole(0, true), "kept\n");
    assertEquals("kept\n", log(0));
  }

  @Test
  void passesDom0sBytesThroughAndKeepsThemOutOfTheLog() {
    start();
    guestWrites(new GuestConsole(0, true), "\u001b[1mhi\r\nthere\n");
    assertEquals("\u001b[1mhi\r\nthere\r\n", terminal.shown.toString());
    assertEquals("", log(0));
  }

  @Test
  void namesAndTamesTheLinesOfOtherDomains() {
    start();
    Log.showGuestUpTo(LogLevel.DEBUG);
    GuestConsole guest = new GuestConsole(12, false);
    guestWrites(guest, "half ");
    assertEquals("", terminal.text());
    guestWrites(guest, "a\u001b[2J line\r\nnext\n");
    assertEquals("(d12) half a[2J line\n(d12) next\n", terminal.text());
    assertEquals(terminal.text(), log(0));
  }

  @Test
  void splitsOverlongLinesOfOtherDomains() {
    start();
    Log.showGuestUpTo(LogLevel.DEBUG);
    guestWrites(new GuestConsole(1, false), "x".repeat(130) + "\n");
    assertEquals("(d1) " + "x".repeat(128) + "\n(d1) xx\n", terminal.text());
  }

  @Test
  void hidesOtherDomainsUnlessAsked() {
    start();
    guestWrites(new GuestConsole(1, false), "secret\n");
    assertEquals("", terminal.text());
  }

  @Test
  void limitsWhatADomainPrintsAndSaysSoOnce() {
    start();
    Log.showGuestUpTo(LogLevel.DEBUG);
    GuestConsole guest = new GuestConsole(3, false);
    for (int i = 0; i < 2000; i++) {
      guestWrites(guest, "flood flood flood flood\n");
    }
    int printed = terminal.text().length();
    assertTrue(printed <= GuestConsole.BURST + 1000, "printed " + printed);
    assertEquals(1, terminal.text().lines().filter(line -> line.contains("budget")).count());
    assertTrue(guest.droppedBytes() > 10_000);

    long second = SimulatedMachine.COUNTER_FREQUENCY;
    machine.run(() -> {
      SysReg.CNTHP_TVAL_EL2.write(second);
      SysReg.CNTHP_CTL_EL2.write(1);
      Hint.waitForInterrupt();
    });
    terminal.shown.setLength(0);
    guestWrites(guest, "again\n");
    assertEquals("(d3) again\n", terminal.text());
  }
}
