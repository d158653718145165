package ristretto.tools.qemu;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.console.Patience;
import ristretto.tools.console.SerialLine;
import ristretto.tools.host.ToolException;

/** A running QEMU whose console is in our hands. Closing it ends it. */
public final class QemuProcess implements AutoCloseable {
  private static final int LOOKS = Patience.times(300);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

  /** What QEMU says before it waits for its console's caller. */
  private static final Pattern WAITS =
      Pattern.compile("waiting for connection on: \\S+:(\\d+),server=on\\s");

  private final Process process;
  private final SerialLine console;
  private final Path complaints;
  private final Thread atExit;

  private QemuProcess(Process process, Path complaints, SerialLine console) {
    this.process = process;
    this.complaints = complaints;
    this.console = console;
    // Ctrl-c and a killed test run must not leave a machine behind.
    this.atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts QEMU; the console is read from {@link SerialLine#start} on. */
  public static QemuProcess start(List<String> command) {
    try {
      Path complaints = Files.createTempFile("ristretto-qemu", ".log");
      Process process = launch(command, complaints);
      SerialLine console = new SerialLine(process.getInputStream(), process.getOutputStream());
      return new QemuProcess(process, complaints, console);
    } catch (IOException e) {
      throw new ToolException("cannot start QEMU: " + e.getMessage(), "./ristretto doctor");
    }
  }

  /**
   * The same with the console at a port of this host ({@link QemuCommand#telnet}), called. The port
   * may be 0: QEMU chooses a free one and tells which.
   */
  public static QemuProcess startAndCall(List<String> command) {
    try {
      Path complaints = Files.createTempFile("ristretto-qemu", ".log");
      Process process = launch(command, complaints);
      Socket call = call(process, complaints);
      SerialLine console = new SerialLine(call.getInputStream(), call.getOutputStream());
      return new QemuProcess(process, complaints, console);
    } catch (IOException e) {
      throw new ToolException("no console from QEMU: " + e.getMessage(), "./ristretto doctor");
    }
  }

  private static Process launch(List<String> command, Path complaints) throws IOException {
    return new ProcessBuilder(command).redirectError(complaints.toFile()).start();
  }

  /** QEMU listens a moment after it was started. */
  private static Socket call(Process process, Path complaints) throws IOException {
    for (int look = 0; look < LOOKS; look++) {
      boolean alive = process.isAlive();
      Matcher waits = WAITS.matcher(Files.readString(complaints));
      if (waits.find()) {
        int port = Integer.parseInt(waits.group(1));
        return new Socket(InetAddress.getLoopbackAddress(), port);
      }
      if (!alive) {
        break;
      }
      LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
    }
    process.destroyForcibly();
    throw new IOException("it does not listen, saying '" + Files.readString(complaints) + "'");
  }

  public SerialLine console() {
    return console;
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Waits for QEMU to end by itself; false when it still runs after that time. */
  public boolean awaitExit(Duration deadline) {
    try {
      return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The exit status of a QEMU that has ended. */
  public int status() {
    return process.exitValue();
  }

  /** What QEMU itself had to say, apart from the console. */
  public String complaints() {
    try {
      return Files.readString(complaints).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    process.destroy();
    if (!awaitExit(Duration.ofSeconds(2))) {
      process.destroyForcibly();
      awaitExit(Duration.ofSeconds(5));
    }
    try {
      Files.deleteIfExists(complaints);
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IOException | IllegalStateException e) {
      // A file in the temporary directory stays, or the JVM is going down anyway.
    }
  }
}
