package ristretto.system;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.VirtualMachine;

/** Which CPUs, vCPUs of Dom0 and scheduler there are, by the hypervisor's command line. */
@Tag("system")
class SchedulerOptionsTest {
  private static final VirtualMachine FOUR = new VirtualMachine("cortex-a76", 4, 1024, 3);

  @ParameterizedTest
  @CsvSource({
    "rtds, sched=rtds maxcpus=3 dom0_max_vcpus=1-2",
    "null, sched=null dom0_max_vcpus=2 dom0_vcpus_pin",
    "arinc653, sched=arinc653 dom0_max_vcpus=1",
    "wrong, sched=nonsense dom0_max_vcpus=3-6",
  })
  void startsAsTheCommandLineSays(String section, String options) {
    Systems.onlyOurs("Debian's Xen is built without RTDS, null and ARINC653");
    Systems.note("booting with " + options);
    Boot boot = Systems.boot(FOUR, Boot.Way.DIRECT, Suite.TRIXIE).withXenOptions(options);
    XlScript script = XlScript.read("boot.txt", Suite.TRIXIE);
    try (XlSession session = new XlSession(Dom0Session.start(boot).awaitShell(), script)) {
      session.section(section);
      session.assertAsExpected();
    }
  }
}
