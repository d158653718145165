package ristretto.tools.qemu;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import ristretto.tools.console.Expect;
import ristretto.tools.console.Patience;

/** A booted machine with a root shell of Dom0 at hand: what system tests talk to. */
public final class Dom0Session implements AutoCloseable {
  /** The prompt that Dom0's profile sets (resource dom0/profile). */
  public static final String PROMPT = "root@dom0:~# ";

  /** Generous: the host may have one CPU for four of the guest's. */
  public static final Duration TO_SHELL = Duration.ofMinutes(4);

  private static final Duration COMMAND = Duration.ofMinutes(1);

  /** What the hypervisor says of a mistake of its own, contained or not. */
  private static final Pattern FAULT =
      Pattern.compile("\\*\\*\\* Fault in the hypervisor|contained faults: [1-9]");

  private final QemuProcess process;
  private final Expect console;

  private boolean faultsExpected;

  Dom0Session(QemuProcess process, Expect console) {
    this.process = process;
    this.console = console;
  }

  /** Starts the machine. Its changes of the disk are forgotten at the end. */
  public static Dom0Session start(Boot boot) {
    return start(boot, List.of());
  }

  /** The same with more options for QEMU. */
  public static Dom0Session start(Boot boot, List<String> options) {
    List<String> words = boot.command(false).add(options.toArray(String[]::new)).words();
    QemuProcess process = QemuProcess.start(words);
    boot.attend(process.console());
    return new Dom0Session(process, new Expect(process.console().start()));
  }

  /** The same with the console at a free port of this host instead of QEMU's standard input. */
  public static Dom0Session startOverTelnet(Boot boot) {
    List<String> words = boot.command(false).telnet(0).words();
    QemuProcess process = QemuProcess.startAndCall(words);
    boot.attend(process.console());
    return new Dom0Session(process, new Expect(process.console().start()));
  }

  /** A fault of the hypervisor will be provoked; otherwise one fails the session. */
  public Dom0Session expectFaults() {
    faultsExpected = true;
    return this;
  }

  /** The console, for what has no method here. */
  public Expect console() {
    return console;
  }

  /**
   * Waits for the root shell. A machine that does not get there is ended: whoever starts one and
   * waits in one expression has nothing to close yet, and it would keep the host busy.
   *
   * @throws Expect.Failure when it does not get there
   */
  public Dom0Session awaitShell() {
    try {
      console.text(PROMPT, TO_SHELL);
      return this;
    } catch (Expect.Failure failure) {
      process.close();
      throw failure;
    }
  }

  /**
   * Runs a command in the shell.
   *
   * @return what it printed, without the hypervisor's lines
   */
  public String run(String command) {
    return run(command, COMMAND);
  }

  /** The same for a command that takes longer than others. */
  public String run(String command, Duration deadline) {
    return console.command(command, PROMPT, deadline).replaceAll("(?m)^\\(XEN\\) .*\n", "");
  }

  /** Types a command after which there is no prompt. */
  public void type(String command) {
    console.send(command + "\n");
  }

  /**
   * Waits for the machine to power itself off.
   *
   * @throws Expect.Failure when it does not
   */
  public void awaitPowerOff() {
    Duration deadline = Patience.times(COMMAND);
    if (!process.awaitExit(deadline)) {
      throw console.failure("the machine did not power off within " + deadline.toSeconds() + " s");
    }
    if (process.status() != 0) {
      throw console.failure(
          "QEMU ended with status " + process.status() + ", saying '" + process.complaints() + "'");
    }
  }

  public boolean isRunning() {
    return process.isRunning();
  }

  /**
   * Ends the machine.
   *
   * @throws Expect.Failure when the hypervisor has made a mistake, even one that it contained
   */
  @Override
  public void close() {
    process.close();
    if (!faultsExpected) {
      console.refuse(FAULT);
    }
  }
}
