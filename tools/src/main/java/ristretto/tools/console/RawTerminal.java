package ristretto.tools.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

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

  private final Terminal terminal;
  private final Attributes before;

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
    Thread keys = Thread.ofPlatform().daemon().name("keyboard").unstarted(() -> type(line));
    line.start();
    keys.start();
  }

  private void type(SerialLine line) {
    InputStream keyboard = terminal.input();
    boolean escaped = false;
    try {
      for (int key = keyboard.read(); key >= 0; key = keyboard.read()) {
        if (!escaped && key == ESCAPE) {
          escaped = true;
        } else if (escaped && (key == 'q' || key == 'Q')) {
          line.transcript().end();
          return;
        } else {
          escaped = false;
          line.send(new byte[] {(byte) key});
        }
      }
    } catch (IOException e) {
      line.transcript().end();
    }
  }

  @Override
  public void close() throws IOException {
    terminal.setAttributes(before);
    terminal.close();
  }
}
