package ristretto.tools.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

/** A shell plays QEMU. */
class QemuProcessTest {
  private static List<String> machine(String script) {
    return List.of("sh", "-c", script);
  }

  @Test
  void callsTheConsoleWhereQemuSaysThatItIs() throws IOException {
    try (ServerSocket console = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String says =
          "qemu-system-aarch64: info: QEMU waiting for connection on: "
              + "disconnected:telnet:127.0.0.1:%d,server=on".formatted(console.getLocalPort());
      List<String> command = machine("echo '" + says + "' >&2; exec sleep 600");
      try (QemuProcess process = QemuProcess.startAndCall(command);
          Socket call = console.accept()) {
        process.console().send("hello\n");
        byte[] heard = call.getInputStream().readNBytes(6);
        assertEquals("hello\n", new String(heard, StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void aQemuThatEndsFirstIsNotWaitedFor() {
    List<String> command = machine("echo 'no such machine' >&2; exit 1");
    ToolException failure =
        assertThrows(ToolException.class, () -> QemuProcess.startAndCall(command));
    assertTrue(failure.toString().contains("no such machine"), failure.toString());
  }
}
