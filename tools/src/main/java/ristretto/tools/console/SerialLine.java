package ristretto.tools.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A two-way line of bytes to a machine: what comes in goes to the transcript and to whoever
 * listens.
 */
public final class SerialLine {
  private static final int BUFFER = 4096;

  private final Transcript transcript = new Transcript();
  private final List<Consumer<byte[]>> listeners = new CopyOnWriteArrayList<>();
  private final InputStream in;
  private final OutputStream out;
  private final Thread reader;

  public SerialLine(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
    this.reader = Thread.ofPlatform().daemon().name("serial line").unstarted(this::read);
  }

  /** Starts to read; listeners that were added before miss nothing. */
  public SerialLine start() {
    reader.start();
    return this;
  }

  public Transcript transcript() {
    return transcript;
  }

  /** Has every arriving chunk given to the listener, on the reader's thread. */
  public SerialLine listen(Consumer<byte[]> listener) {
    listeners.add(listener);
    return this;
  }

  /** Types something; text is sent as UTF-8. */
  public void send(String text) {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends bytes. A line whose other end is gone takes them silently: its end is noticed by reading.
   */
  public synchronized void send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      transcript.end();
    }
  }

  /** Waits until the other end has closed the line and everything is in the transcript. */
  public void awaitEnd() throws InterruptedException {
    reader.join();
  }

  private void read() {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        byte[] chunk = Arrays.copyOf(buffer, count);
        // Latin-1 maps each byte to one character, so that a chunk may end within a UTF-8 sequence.
        transcript.append(new String(chunk, StandardCharsets.ISO_8859_1));
        listeners.forEach(listener -> listener.accept(chunk));
      }
    } catch (IOException | UncheckedIOException e) {
      // The machine is gone; the transcript's end says so.
    } finally {
      transcript.end();
    }
  }
}
