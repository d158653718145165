package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another end of the socket plays the monitor. */
class QemuMonitorTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int COMMAND_ROOM = 64;

  @TempDir private Path directory = Path.of("");

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return server.bind(UnixDomainSocketAddress.of(directory.resolve("monitor")));
  }

  private QemuMonitor monitor(Duration deadline) {
    return new QemuMonitor(directory.resolve("monitor"), deadline);
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** A line comes back whole with each of its keys, so that a long one is much in all. */
  @Test
  void anAnswerMayBeLong() throws IOException {
    String echo = "system_powerdown ".repeat(8192);
    CompletableFuture<String> heard = new CompletableFuture<>();
    try (ServerSocketChannel server = listen()) {
      Thread.ofVirtual()
          .start(() -> {
            try (SocketChannel channel = server.accept()) {
              write(channel, "QEMU monitor\r\n(qemu) ");
              ByteBuffer command = ByteBuffer.allocate(COMMAND_ROOM);
              channel.read(command);
              write(channel, echo + "\r\n(qemu) ");
              heard.complete(StandardCharsets.US_ASCII.decode(command.flip()).toString());
            } catch (IOException e) {
              heard.completeExceptionally(e);
            }
          });
      monitor(LONG).say("system_powerdown");
      assertEquals("system_powerdown\n", heard.join());
    }
  }

  @Test
  void whoeverSaysNothingIsNotWaitedForForever() throws IOException {
    try (ServerSocketChannel server = listen()) {
      IOException silent =
          assertThrows(IOException.class, () -> monitor(Duration.ofMillis(20)).say("quit"));
      assertTrue(silent.toString().contains("in time"), silent.toString());
      assertTrue(server.isOpen());
    }
  }
}
