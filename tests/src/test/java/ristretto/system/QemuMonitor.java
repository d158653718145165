package ristretto.system;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Asks a running QEMU for what nobody can do from inside its machine: to press a key of it. */
final class QemuMonitor {
  private static final String PROMPT = "(qemu) ";

  private final Path socket;

  QemuMonitor(Path socket) {
    this.socket = socket;
  }

  /** The options with which QEMU listens at the socket. */
  List<String> options() {
    return List.of("-monitor", "unix:" + socket + ",server=on,wait=off");
  }

  /** Has a command of the monitor carried out. */
  void say(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      awaitPrompt(channel);
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
      awaitPrompt(channel);
    }
  }

  private static void awaitPrompt(SocketChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16); // it repeats a line with each key of it
    String said;
    do {
      if (channel.read(bytes) < 0) {
        throw new IOException("QEMU's monitor went away");
      }
      said = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    } while (!said.endsWith(PROMPT));
  }
}
