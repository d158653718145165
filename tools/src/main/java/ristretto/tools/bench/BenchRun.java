package ristretto.tools.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import ristretto.tools.console.Expect;
import ristretto.tools.qemu.QemuCommand;
import ristretto.tools.qemu.QemuProcess;

/**
 * One deterministic run: QEMU with {@code -icount shift=0} and a counter of 1 GHz, so that one tick
 * is one executed instruction, the guest's and the hypervisor's, of all CPUs together.
 *
 * @param hypervisor arm64 Image
 * @param guest arm64 Image that becomes Dom0's kernel
 * @param options more words for the hypervisor's command line
 * @param crowd vCPUs in all, most of them in domains that the guest makes; 0: what is measured with
 *     Dom0 alone
 */
record BenchRun(
    Path hypervisor, Path guest, String cpu, int gic, int cpus, String options, int crowd) {
  /** RAM of the machine. */
  static final int MEBIBYTES = 2048;

  /** Dom0's memory, for which the bars of docs/bars.md hold. */
  static final int DOM0_MEBIBYTES = 1024;

  /** RAM of a machine for a crowd: Ristretto has room for 63 domains from 8 GiB on. */
  private static final int MEBIBYTES_OF_CROWD = 8192;

  /**
   * Nobody waits for the rate limit, which has nothing to do with what a decision costs, and Xen
   * does not scrub 7 GiB before it begins.
   */
  private static final String CROWD_OPTIONS = " dom0_max_vcpus=8 sched_ratelimit_us=0 bootscrub=0";

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
        Integer.toString(crowd == 0 ? MEBIBYTES : MEBIBYTES_OF_CROWD),
        "-icount",
        "shift=0,sleep=off",
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
        "console=dtuart dtuart=serial0 dom0_mem="
            + DOM0_MEBIBYTES
            + "M "
            + options
            + (crowd == 0 ? " dom0_max_vcpus=2" : CROWD_OPTIONS),
        "-device",
        "guest-loader,addr=" + GUEST_ADDRESS + ",kernel=" + guest + ",bootargs=crowd=" + crowd);
  }
}
