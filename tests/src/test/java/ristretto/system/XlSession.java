package ristretto.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.console.Expect;
import ristretto.tools.console.Patience;
import ristretto.tools.qemu.Dom0Session;

/** A shell of Dom0 in which xl is typed, and its way into a DomU's console and back. */
final class XlSession implements AutoCloseable {
  /** Under an emulated machine on a busy host a DomU boots this long. */
  static final Duration DOMU_BOOT = Duration.ofMinutes(4);

  static final String PROMPT = "domu# ";

  private static final String LEAVE = "\u001d"; // Ctrl-]
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int ATTEMPTS = Patience.times(60);

  private final Dom0Session dom0;
  private final XlScript script;
  private final List<String> differences = new ArrayList<>();

  XlSession(Dom0Session dom0, XlScript script) {
    this.dom0 = dom0;
    this.script = script;
  }

  Dom0Session dom0() {
    return dom0;
  }

  /** Runs a section of the script and remembers what was not as it says. */
  void section(String name) {
    Systems.note("xl: " + name);
    for (XlScript.Step step : script.section(name)) {
      String output = attempt(step);
      for (int tries = 1; step.repeated() && !step.matches(output) && tries < ATTEMPTS; tries++) {
        dom0.run("sleep 0.5");
        output = attempt(step);
      }
      if (!step.matches(output)) {
        differences.add(
            "$ "
                + step.command()
                + "\nexpected:\n"
                + String.join("\n", step.expected())
                + "\nprinted:\n"
                + output);
      }
    }
  }

  private String attempt(XlScript.Step step) {
    String output =
        step.wantsHypervisorLines()
            ? dom0.console().command(step.command(), Dom0Session.PROMPT, SOON)
            : dom0.run(step.command(), SOON);
    return output.replaceAll("(?m)^\\s*\n", "");
  }

  /** Fails with everything that was not as expected. */
  void assertAsExpected() {
    if (!differences.isEmpty()) {
      // Maven's summary shows the first line alone: it names the commands.
      throw new AssertionError(
          differences.size()
              + " differ: "
              + differences.stream().map(d -> d.lines().findFirst().orElseThrow()).toList()
              + "\n"
              + String.join("\n----\n", differences));
    }
  }

  /** Attaches to the console of a DomU that is booting, and waits for its shell. */
  void enterBooting(String domain) {
    dom0.type("xl console " + domain);
    awaitDomuReady();
  }

  /** Creates a DomU with its console attached, and waits for its shell. */
  void createAttached(String configuration) {
    dom0.type("xl create -c " + configuration);
    awaitDomuReady();
  }

  /** Has a DomU whose console is attached end itself; its console ends with it. */
  void powerOff() {
    console().send("poweroff\n");
    console().text(Dom0Session.PROMPT, SOON);
  }

  /** Attaches to the console of a DomU whose shell has been there before. */
  void enter(String domain) {
    dom0.type("xl console " + domain);
    console().send("\n");
    console().text(PROMPT, SOON);
  }

  /** Waits for the shell of a DomU whose console is attached; returns what it said before. */
  String awaitDomuReady() {
    String boot = dom0.console().text("domu: ready", DOMU_BOOT);
    dom0.console().text(PROMPT, SOON);
    return boot;
  }

  /** Looks at what the domains do, which xl shows on the whole screen until it is told to end. */
  void lookAtTop() {
    dom0.type("xl top");
    console().text("xentop - ", SOON);
    console().text("Domain-0", SOON);
    console().send("q");
    console().text(Dom0Session.PROMPT, SOON);
  }

  /** Runs a command in the DomU whose console is attached. */
  String inDomu(String command) {
    return console().command(command, PROMPT, SOON);
  }

  /** Leaves the DomU's console. */
  void leave() {
    console().send(LEAVE);
    console().text(Dom0Session.PROMPT, SOON);
  }

  Expect console() {
    return dom0.console();
  }

  @Override
  public void close() {
    dom0.close();
  }
}
