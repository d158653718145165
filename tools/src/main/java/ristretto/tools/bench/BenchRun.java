package ristretto.tools.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import ristretto.tools.console.Expect;
import ristretto.tools.qemu.QemuCommand;
import ristretto.tools.qemu.QemuProcess;

/**
 * One deterministic run: QEMU with {@code -icount} and a counter of 1 GHz, so that one tick is one
 * executed instruction, the guest's and the hypervisor's, of all CPUs together, or 2^-n of one.
 *
 * @param hypervisor arm64 Image
 * @param guest arm64 Image that becomes Dom0's kernel
 * @param options more words for the hypervisor's command line
 * @param scene what the guest measures
 */
record BenchRun(
    Path hypervisor, Path guest, String cpu, int gic, int cpus, String options, Scene scene) {
  /** RAM of the machine. */
  static final int MEBIBYTES = 2048;

  /** Dom0's memory, for which the bars of docs/bars.md hold. */
  static final int DOM0_MEBIBYTES = 1024;

  /**
   * What is measured.
   *
   * @param arguments the guest's command line
   * @param mebibytes RAM of the machine
   * @param shift an instruction takes 2^shift ns
   * @param options words for the hypervisor's command line
   */
  record Scene(String arguments, int mebibytes, int shift, String options) {
    /** Ristretto has room for 63 domains from 8 GiB on. */
    private static final int MEBIBYTES_FOR_DOMAINS = 8192;

    /**
     * Dom0 alone. Its kernel has a command line, too: without one Xen takes its own for that of
     * Dom0, and is started with none (docs/misc/arm/device-tree/booting.txt).
     */
    static final Scene DOM0 = new Scene("alone", MEBIBYTES, 0, " dom0_max_vcpus=2");

    /**
     * So many vCPUs in all. Nobody waits for the rate limit, which has nothing to do with what a
     * decision costs, and Xen does not scrub 7 GiB before it begins.
     */
    static Scene crowd(int vcpus) {
      String options = " dom0_max_vcpus=8 sched_ratelimit_us=0 bootscrub=0";
      return new Scene("crowd=" + vcpus, MEBIBYTES_FOR_DOMAINS, 0, options);
    }

    /** Domains that would have a CPU each, for ten seconds, which are shorter by the shift. */
    static Scene shares(String list) {
      String options = " dom0_max_vcpus=1 bootscrub=0";
      return new Scene("shares=" + list, MEBIBYTES_FOR_DOMAINS, 4, options);
    }
  }

  /** Debian's Xen takes two minutes of one CPU for its crowd. */
  private static final Duration DEADLINE = Duration.ofMinutes(15);

  private static final String GUEST_ADDRESS = "0x4a000000";

  Measurement measure() {
    try (QemuProcess qemu = QemuProcess.start(command())) {
      Expect console = new Expect(qemu.console().start());
      console.attempt(Pattern.compile("BENCH-END|BENCH-FAILED"), DEADLINE);
      return Measurement.of(qemu.console().transcript().toString());
    }
  }

  private List<String> command() {
    return List.of(
        QemuCommand.PROGRAM,
        "-M",
        "virt,virtualization=on,gic-version=" + gic,
        "-cpu",
        cpu + ",cntfrq=1000000000",
        "-smp",
        Integer.toString(cpus),
        "-m",
        Integer.toString(scene.mebibytes),
        "-icount",
        "shift=" + scene.shift + ",sleep=off",
        "-display",
        "none",
        "-monitor",
        "none",
        "-nic",
        "none",
        "-serial",
        "stdio",
        "-no-reboot",
        "-kernel",
        hypervisor.toString(),
        "-append",
        "console=dtuart dtuart=serial0 dom0_mem=" + DOM0_MEBIBYTES + "M " + options + scene.options,
        "-device",
        "guest-loader,addr=" + GUEST_ADDRESS + ",kernel=" + guest + ",bootargs=" + scene.arguments);
  }
}
