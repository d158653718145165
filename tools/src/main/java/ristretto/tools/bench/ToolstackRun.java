package ristretto.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import ristretto.tools.console.Expect;
import ristretto.tools.host.Resources;
import ristretto.tools.host.ToolException;
import ristretto.tools.image.CommandDisk;
import ristretto.tools.image.SuiteImages;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.QemuCommand;
import ristretto.tools.qemu.QemuProcess;
import ristretto.tools.qemu.VirtualMachine;

/**
 * One run of Debian's Linux and toolstack in Dom0, with one CPU: Linux as a DomU, made and
 * destroyed, then the benchmark guest as a DomU, while a plugin of QEMU counts.
 *
 * <p>Dom0's part of the counts repeats within about a hundredth: its disk answers in the host's
 * time. What happens at EL2 repeats within a thousandth.
 *
 * @param hypervisor arm64 Image
 * @param files Dom0's
 * @param disk Dom0's root
 * @param guest arm64 Image that becomes a DomU's kernel
 * @param plugin bench/plugin, compiled
 */
record ToolstackRun(
    Path hypervisor,
    SuiteImages.Assembled files,
    Path disk,
    Path guest,
    Path plugin,
    String cpu,
    int gic) {
  private static final Duration DEADLINE = Duration.ofMinutes(20);

  Toolstack measure() {
    try {
      Path scratch = Files.createTempDirectory("ristretto-bench");
      Path lines = scratch.resolve("lines");
      Path commands = scratch.resolve("commands");
      try {
        CommandDisk handed = CommandDisk.of(script());
        handed.write(commands);
        run(handed, commands, lines);
        return Toolstack.of(Stamp.read(lines));
      } finally {
        Files.deleteIfExists(lines);
        Files.deleteIfExists(commands);
        Files.delete(scratch);
      }
    } catch (IOException e) {
      throw new ToolException("cannot measure the toolstack", e);
    }
  }

  private void run(CommandDisk handed, Path commands, Path lines) {
    VirtualMachine machine =
        new VirtualMachine(cpu + ",cntfrq=1000000000", 1, BenchRun.MEBIBYTES, gic);
    Boot boot =
        new Boot(machine, Boot.Way.DIRECT, files, disk, hypervisor, "dom0_max_vcpus=1", "", "");
    QemuCommand command =
        boot.command(false)
            .commands(commands)
            .stopOnReset()
            .add("-icount", "shift=0,sleep=off")
            // What QEMU writes into the device tree, and so all that Linux draws from it.
            .add("-seed", "1", "-rtc", "base=2026-01-01,clock=vm")
            .add("-plugin", plugin + ",out=" + lines);
    try (QemuProcess qemu = QemuProcess.start(command.words())) {
      Expect console = new Expect(qemu.console().start());
      console.attempt(handed.end(), DEADLINE);
      if (qemu.complaints().contains("plugin")) {
        throw new ToolException("QEMU does not take the plugin: " + qemu.complaints());
      }
    }
  }

  private String script() throws IOException {
    String encoded = Base64.getMimeEncoder().encodeToString(Files.readAllBytes(guest));
    return Resources.text("bench/session").replace("@GUEST@", encoded.replace("\r", ""));
  }
}
