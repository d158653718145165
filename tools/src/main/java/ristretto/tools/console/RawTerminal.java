package ristretto.tools.console;

import java.io.IOException;
import java.io.OutputStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingInputStream;

/**
 * The person's terminal joined to a serial line: every key goes through, among them Ctrl-a (the
 * hypervisor's) and Ctrl-] (xl's). Ctrl-\ is ours.
 */
public final class RawTerminal implements AutoCloseable {
  /** The key that starts a command to us. */
  private static final int ESCAPE = 0x1c;

  /** How to leave, for the person. */
  public static final String HELP =
      "Ctrl-\\ q ends the machine, Ctrl-\\ Ctrl-\\ sends Ctrl-\\; "
          + "Ctrl-a three times switches the input between Dom0 and the hypervisor.";

  private static final long KEY_WAIT_MILLIS = 50;

  private final Terminal terminal;
  private final Attributes before;
  private Thread keys = new Thread();
  private volatile boolean closing;

  public RawTerminal() throws IOException {
    terminal = TerminalBuilder.builder().system(true).name("ristretto").build();
    before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    raw.setInputFlag(Attributes.InputFlag.IXON, false);
    raw.setOutputFlag(Attributes.OutputFlag.OPOST, false);
    terminal.setAttributes(raw);
  }

  /** Shows what the machine says and sends it what is typed, until it ends or the person leaves. */
  public void join(SerialLine line) {
    OutputStream screen = terminal.output();
    line.listen(chunk -> {
      try {
        screen.write(chunk);
        screen.flush();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
    line.start();
    keys = Thread.ofPlatform().daemon().name("keyboard").start(() -> type(line));
  }

  private void type(SerialLine line) {
    NonBlockingInputStream keyboard = (NonBlockingInputStream) terminal.input();
    boolean escaped = false;
    try {
      while (!closing) {
        int key = keyboard.read(KEY_WAIT_MILLIS);
        if (key == NonBlockingInputStream.READ_EXPIRED) {
          continue;
        }
        if (key < 0 || (escaped && (key == 'q' || key == 'Q'))) {
          break;
        }
        if (!escaped && key == ESCAPE) {
          escaped = true;
        } else {
          escaped = false;
          line.send(new byte[] {(byte) key});
        }
      }
    } catch (IOException e) {
      // No keyboard any more: the person is gone.
    }
    line.transcript().end();
  }

  @Override
  public void close() throws IOException {
    closing = true; // JLine cannot close a terminal that somebody reads from
    try {
      keys.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.setAttributes(before);
    terminal.close();
  }
}
