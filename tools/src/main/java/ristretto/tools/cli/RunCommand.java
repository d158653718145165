package ristretto.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import ristretto.tools.console.Expect;
import ristretto.tools.console.RawTerminal;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;
import ristretto.tools.image.CommandDisk;
import ristretto.tools.image.HypervisorBuild;
import ristretto.tools.image.SuiteImages;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.QemuCommand;
import ristretto.tools.qemu.QemuProcess;

/** Starts the hypervisor with Debian's Linux as Dom0 in QEMU. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Start the hypervisor with Debian's Linux as Dom0 in QEMU.",
    footer = {
      "",
      "Example: ./ristretto run --suite bookworm --smp 2 --exec 'xl info'",
      RawTerminal.HELP
    })
final class RunCommand implements Callable<Integer> {
  private static final int TIMED_OUT = 124;

  private static final int FAILED = 1;

  /** For the process to end after its console has. */
  private static final Duration QEMUS_LAST_WORDS = Duration.ofSeconds(5);

  @Mixin private MachineOptions machineOptions = new MachineOptions();

  @Option(
      names = "--append",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "More options for the hypervisor, for instance 'loglvl=all dom0_max_vcpus=2'.")
  private String append = "";

  @Option(
      names = "--dom0-append",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "More options for Dom0's kernel.")
  private String dom0Append = "";

  @Option(
      names = "--passthrough",
      paramLabel = "NODES",
      defaultValue = "",
      description = "Keep devices for DomUs, for instance /pl031@9010000: xen,passthrough.")
  private String passthrough = "";

  @Option(
      names = "--native",
      description = "Boot the same disk without the hypervisor, as U-Boot does by itself.")
  private boolean withoutHypervisor;

  @Option(
      names = "--kernel-direct",
      description = "Let QEMU load hypervisor and kernel (-kernel), without U-Boot.")
  private boolean direct;

  @Option(
      names = "--telnet",
      paramLabel = "PORT",
      description = {
        "Have the console at this port of 127.0.0.1, for 'telnet -E 127.0.0.1 PORT' (-E leaves "
            + "Ctrl-] to xl). The machine starts with the call; implies --kernel-direct."
      })
  private @Nullable Integer telnetPort;

  @Option(names = "--gdb", description = "Wait for gdb on port 1234 before the first instruction.")
  private boolean gdb;

  @Option(
      names = "--exec",
      paramLabel = "COMMANDS",
      description = "Run commands in Dom0, print their output, power off, exit with their status.")
  private @Nullable String commands;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long --exec may take in all; then exit status 124. Default: 300.")
  private long timeout = 300;

  @Option(
      names = "--refresh",
      description = "Look for newer versions of Dom0's packages at the mirror first.")
  private boolean refresh;

  @Option(
      names = "--disk",
      paramLabel = "FILE",
      description = "Keep the disk in FILE, made if it is not there. Default: changes are dropped.")
  private @Nullable Path keptDisk;

  @Option(
      names = "--hypervisor",
      paramLabel = "FILE",
      description = "Another arm64 Image to boot, for instance Debian's Xen. Default: out/xen.")
  private @Nullable Path otherHypervisor;

  @ParentCommand private @Nullable Main main;

  @Override
  public Integer call() throws Exception {
    if (telnetPort != null && commands != null) {
      throw new ToolException("--telnet excludes --exec");
    }
    Progress progress = Progress.onStandardError();
    Preparation.installMissing(progress, main != null && main.installsWithoutAsking());
    Path hypervisor = hypervisor(progress);
    SuiteImages images = new SuiteImages(Cache.ofUser(), progress);
    Suite suite = machineOptions.suite();
    if (refresh) {
      new PackageStore(Cache.ofUser(), progress, suite).refresh();
    }
    SuiteImages.Assembled assembled = images.assemble(suite);
    Path disk = disk(images, assembled, hypervisor);
    Boot boot =
        new Boot(
            machineOptions.machine(),
            way(),
            assembled,
            disk,
            hypervisor,
            append,
            dom0Append,
            passthrough);
    QemuCommand qemu = boot.command(keptDisk != null);
    if (gdb) {
      qemu.debugger();
      Path symbols = hypervisor.resolveSibling(hypervisor.getFileName() + ".elf");
      System.err.println("QEMU waits for: gdb-multiarch " + symbols + " -ex 'target remote :1234'");
    }
    if (telnetPort != null) {
      return serve(qemu.telnet(telnetPort), telnetPort);
    }
    return commands == null ? interact(boot, qemu) : execute(progress, boot, qemu, commands);
  }

  private Boot.Way way() {
    // Who types at U-Boot's prompt for the person is not on the line of a caller.
    boolean loadedByQemu = direct || telnetPort != null;
    if (withoutHypervisor && loadedByQemu) {
      throw new ToolException("--native excludes --kernel-direct and --telnet");
    }
    if (withoutHypervisor) {
      return Boot.Way.NATIVE;
    }
    return loadedByQemu ? Boot.Way.DIRECT : Boot.Way.UBOOT;
  }

  /** The image to boot: built if it is ours, though not for a native boot. */
  private Path hypervisor(Progress progress) {
    Path image = otherHypervisor;
    if (image == null) {
      HypervisorBuild build = new HypervisorBuild(Project.current(), progress);
      return withoutHypervisor ? Project.current().image() : build.run();
    }
    if (!Files.isReadable(image)) {
      throw new ToolException("no hypervisor at " + image, "leave out --hypervisor for our own");
    }
    return image;
  }

  private Path disk(SuiteImages images, SuiteImages.Assembled assembled, Path hypervisor) {
    Path disk = withoutHypervisor ? images.disk(assembled) : images.disk(assembled, hypervisor);
    if (keptDisk != null) {
      images.keep(disk, keptDisk, withoutHypervisor ? null : hypervisor);
      return keptDisk;
    }
    return disk;
  }

  private int interact(Boot boot, QemuCommand qemu) throws Exception {
    System.err.println(boot.machine() + ", " + machineOptions.suite() + ". " + RawTerminal.HELP);
    try (QemuProcess process = QemuProcess.start(qemu.words());
        RawTerminal terminal = new RawTerminal()) {
      boot.attend(process.console());
      terminal.join(process.console());
      process.console().transcript().awaitEnd();
      return finish(process);
    }
  }

  /** Runs the machine until it ends; its console is somebody else's matter. */
  private static int serve(QemuCommand qemu, int port) throws Exception {
    System.err.println("the machine waits for: telnet -E 127.0.0.1 " + port);
    try (QemuProcess process = QemuProcess.start(qemu.words())) {
      process.console().start().awaitEnd(); // nothing comes here but the end
      return finish(process);
    }
  }

  private int execute(Progress progress, Boot boot, QemuCommand qemu, String script)
      throws IOException {
    CommandDisk handed = CommandDisk.of(script);
    Path file = handed.write(Files.createTempFile("ristretto", ".commands"));
    Duration deadline = Duration.ofSeconds(timeout);
    qemu.commands(file).stopOnReset();
    try (QemuProcess process = QemuProcess.start(qemu.words())) {
      boot.attend(process.console());
      Expect console = new Expect(process.console().start());
      long started = System.nanoTime();
      progress.step("booting " + boot.machine(), () -> console.attempt(handed.begin(), deadline));
      Duration left = deadline.minusNanos(System.nanoTime() - started);
      Optional<Expect.Found> reached = console.attempt(handed.end(), left);
      if (reached.isEmpty()) {
        boolean ended = process.awaitExit(QEMUS_LAST_WORDS);
        String end =
            ended
                ? "the machine ended before the commands did"
                : "the commands did not end within " + timeout + " s";
        System.err.println(console.failure(end).getMessage());
        System.err.println(process.complaints());
        return ended ? FAILED : TIMED_OUT;
      }
      Expect.Found end = reached.get();
      System.out.print(CommandDisk.clean(end.before()));
      System.out.flush();
      if (!process.awaitExit(Duration.ofSeconds(30))) {
        System.err.println("ristretto: Dom0 did not power off within 30 s; stopped it. It said:");
        System.err.println(console.rest());
      }
      return Integer.parseInt(end.group(1));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static int finish(QemuProcess process) {
    if (!process.complaints().isEmpty()) {
      System.err.println(process.complaints());
    }
    return process.isRunning() ? 0 : process.status();
  }
}
