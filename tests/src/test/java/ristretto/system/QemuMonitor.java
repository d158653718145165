package ristretto.system;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ristretto.tools.console.Patience;

/** Asks a running QEMU for what nobody can do from inside its machine: to press a key of it. */
final class QemuMonitor {
  private static final String PROMPT = "(qemu) ";

  /** A busy host may let QEMU wait; a command itself takes less than a second. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Path socket;
  private final Duration deadline;

  QemuMonitor(Path socket) {
    this(socket, LONG);
  }

  /**
   * The same with another deadline.
   *
   * @param deadline for the answer to a command, before {@link Patience}
   */
  QemuMonitor(Path socket, Duration deadline) {
    this.socket = socket;
    this.deadline = Patience.times(deadline);
  }

  /** The options with which QEMU listens at the socket. */
  List<String> options() {
    return List.of("-monitor", "unix:" + socket + ",server=on,wait=off");
  }

  /**
   * Has a command of the monitor carried out.
   *
   * @throws IOException when the monitor is gone, or does not answer in time
   */
  void say(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      awaitPrompt(channel, selector);
      // A line that the socket's buffer takes whole.
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
      awaitPrompt(channel, selector);
    }
  }

  private void awaitPrompt(SocketChannel channel, Selector selector) throws IOException {
    long end = System.nanoTime() + deadline.toNanos();
    ByteBuffer bytes = ByteBuffer.allocate(1 << 12);
    StringBuilder said = new StringBuilder(); // it repeats a line with each key of it
    while (!said.toString().endsWith(PROMPT)) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || selector.select(left) == 0) {
        throw new IOException("QEMU's monitor did not answer in time; it said: " + said);
      }
      selector.selectedKeys().clear();
      if (channel.read(bytes.clear()) < 0) {
        throw new IOException("QEMU's monitor went away; it said: " + said);
      }
      said.append(StandardCharsets.US_ASCII.decode(bytes.flip()));
    }
  }
}
