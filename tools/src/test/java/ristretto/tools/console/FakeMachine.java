package ristretto.tools.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The other end of a serial line, for tests: says what it is told to say and keeps what is typed.
 */
public final class FakeMachine {
  private final PipedOutputStream speech = new PipedOutputStream();
  private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
  private final SerialLine line;

  public FakeMachine() {
    try {
      line = new SerialLine(new PipedInputStream(speech, 1 << 16), keyboard());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    line.start();
  }

  public SerialLine line() {
    return line;
  }

  public void say(String text) {
    try {
      speech.write(text.getBytes(StandardCharsets.UTF_8));
      speech.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public void stop() {
    try {
      speech.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Everything that was typed so far. */
  public String typed() {
    synchronized (typed) {
      return typed.toString(StandardCharsets.UTF_8);
    }
  }

  /** Waits until something was typed; false when it takes longer than five seconds. */
  public boolean awaitTyped(String text) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      if (typed().contains(text)) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }

  private OutputStream keyboard() {
    return new OutputStream() {
      @Override
      public void write(int value) {
        synchronized (typed) {
          typed.write(value);
        }
      }
    };
  }
}
