package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * {@code vuart="sbsa_uart"}: Debian's unmodified kernel drives the DomU's UART from its first line
 * on, with {@code earlycon} and then {@code console=ttyAMA0}, and {@code xl console -t vuart} is
 * the other end.
 */
@Tag("system")
class EmulatedUartTest {
  private static final String DOMU = "serial";

  @ParameterizedTest
  @EnumSource
  void isTheConsoleOfADomu(Suite suite) {
    Systems.note("vuart of a DomU, " + suite);
    try (XlSession session = start(suite)) {
      session.section("created");
      session.dom0().type("xl console -t vuart " + DOMU);
      String boot = session.awaitDomuReady();
      assertTrue(boot.contains("bootconsole [pl11] enabled"), boot);
      assertTrue(boot.matches("(?s).*sbsa-pl011: ttyAMA0 at MMIO 0x22000000.*"), boot);
      session.inDomu("dmesg -n 1"); // the kernel would write between a command's lines
      assertEquals("/dev/ttyAMA0\n", session.inDomu("tty"));
      String typed = "0123456789".repeat(6); // the shell wraps longer lines
      assertEquals(typed + "\n", session.inDomu("echo " + typed));
      String lines =
          IntStream.rangeClosed(1, 3000).mapToObj(n -> n + "\n").collect(Collectors.joining());
      assertEquals(lines, session.inDomu("seq 3000"));
      String interrupts = session.inDomu("grep uart /proc/interrupts");
      assertTrue(interrupts.matches("(?s).* +[1-9]\\d* .* 32 Level +uart-pl011\\n"), interrupts);
      session.leave();
      session.section("running");
      session.assertAsExpected();
    }
  }

  private static XlSession start(Suite suite) {
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.DIRECT, suite);
    return new XlSession(Dom0Session.start(boot).awaitShell(), XlScript.read("vuart.txt", suite));
  }
}
