package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.compiler.link.GuestBuilder;
import ristretto.compiler.link.Toolchain;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Project;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.VirtualMachine;

/** CPUs: as many as there may be, fewer than Dom0 has, and a boot CPU that is not the first. */
@Tag("system")
class CpuCountTest {
  /** 16 MiB behind where QEMU puts the program that starts the other CPU. */
  private static final long BEHIND_THE_STARTER = 0x4120_0000L;

  @Test
  void usesEightCpus() {
    Systems.note("booting on 8 CPUs");
    VirtualMachine machine = new VirtualMachine("cortex-a76", 8, 2048, 3);
    Boot boot = Systems.boot(machine, Boot.Way.DIRECT, Suite.TRIXIE);
    // Eight threads of QEMU on two CPUs of the host would mostly wait for each other.
    List<String> oneThread = List.of("-accel", "tcg,thread=single");
    try (Dom0Session dom0 = Dom0Session.start(boot, oneThread)) {
      dom0.awaitShell();
      assertEquals("8\n", dom0.run("nproc"));
    }
  }

  @Test
  void runsMoreVcpusThanCpus() {
    Systems.note("booting 4 vCPUs on 2 CPUs");
    Boot boot = Systems.small().withXenOptions("dom0_max_vcpus=4");
    try (Dom0Session dom0 = Dom0Session.start(boot)) {
      dom0.awaitShell();
      assertEquals("4\n", dom0.run("nproc"));
      // Each vCPU works on what is its own, all at once, and the shell gets its turns, too.
      String work = "for i in 0 1 2 3; do taskset -c $i seq 9999 | tail -n1 & done; wait";
      assertEquals("9999\n9999\n9999\n9999\n", dom0.run("(" + work + ")"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void bootsOnACpuThatIsNotTheFirst(int gic, @TempDir Path directory) {
    Systems.onlyOurs("the line that tells the boot CPU is in our words");
    Systems.note("booting on CPU 1, GICv" + gic);
    Path starter = directory.resolve("starter");
    Path sources = Project.current().home().resolve("tests/src/test/guest/other-cpu");
    GuestBuilder.build(Toolchain.bundled(), List.of(sources), starter);
    VirtualMachine machine = new VirtualMachine("cortex-a72", 2, 2048, gic);
    Boot boot = Systems.boot(machine, Boot.Way.DIRECT, Suite.TRIXIE);
    String loader =
        "loader,file=%s,addr=0x%x,force-raw=on".formatted(boot.hypervisor(), BEHIND_THE_STARTER);
    Boot started = boot.withHypervisor(starter);
    try (Dom0Session dom0 = Dom0Session.start(started, List.of("-device", loader))) {
      dom0.console().text("2 CPUs, this one with MPIDR 0x1,", Dom0Session.TO_SHELL);
      dom0.awaitShell();
      assertEquals("2\n", dom0.run("nproc"));
      dom0.type("poweroff");
      dom0.awaitPowerOff();
    }
  }
}
