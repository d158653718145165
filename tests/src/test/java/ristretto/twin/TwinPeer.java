package ristretto.twin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.twin.device.Peer;

/** The other end of one of QEMU's serial lines: a socket, and a thread that answers questions. */
final class TwinPeer implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel listening;
  private final Thread thread;
  private final StringBuilder taken = new StringBuilder(); // guarded by itself

  /** Listens at a path that is not there yet. */
  TwinPeer(Path path) throws IOException {
    Files.deleteIfExists(path);
    this.path = path;
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(path));
    thread = Thread.ofVirtual().start(this::serve);
  }

  /** For QEMU's -chardev. */
  String backend(String id) {
    return "socket,id=" + id + ",path=" + path;
  }

  /** Everything that has come. */
  String taken() {
    synchronized (taken) {
      return taken.toString();
    }
  }

  private void serve() {
    try (SocketChannel line = listening.accept()) {
      ByteBuffer bytes = ByteBuffer.allocate(1);
      while (line.read(bytes) > 0) {
        byte next = bytes.flip().get();
        synchronized (taken) {
          taken.append((char) next);
        }
        if (next == Peer.QUESTION) {
          line.write(ByteBuffer.wrap(Peer.ANSWER.getBytes(StandardCharsets.US_ASCII)));
        }
        bytes.clear();
      }
    } catch (IOException e) {
      if (listening.isOpen()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    thread.interrupt();
    Files.deleteIfExists(path);
  }
}
