package ristretto.tools.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ristretto.tools.console.SerialLine;
import ristretto.tools.host.ToolException;

/** A running QEMU whose console is in our hands. Closing it ends it. */
public final class QemuProcess implements AutoCloseable {
  private final Process process;
  private final SerialLine console;
  private final Path complaints;
  private final Thread atExit;

  private QemuProcess(Process process, Path complaints) {
    this.process = process;
    this.complaints = complaints;
    this.console = new SerialLine(process.getInputStream(), process.getOutputStream());
    // Ctrl-c and a killed test run must not leave a machine behind.
    this.atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts QEMU; the console is read from {@link SerialLine#start} on. */
  public static QemuProcess start(List<String> command) {
    try {
      Path complaints = Files.createTempFile("ristretto-qemu", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(complaints.toFile());
      return new QemuProcess(builder.start(), complaints);
    } catch (IOException e) {
      throw new ToolException("cannot start QEMU: " + e.getMessage(), "./ristretto doctor");
    }
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
