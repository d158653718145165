package ristretto.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;

/**
 * createdomain as each release of the tools lays it out. The numbers are {@code offsetof} and
 * {@code sizeof} of that release's public headers, compiled for AArch64. Everything else that we
 * serve is laid out alike in all of them; {@link LayoutTest} compares it with the headers there
 * are.
 */
class ReleaseLayoutTest {
  private static final long RAM = 0x4000_0000L;

  /** A release, its two interface versions, and where createdomain's members are. */
  enum Release {
    XEN_4_17(0x15, 0x15, 48, 52, 56, 68, false),
    XEN_4_18(0x16, 0x15, 48, 52, 56, 68, false),
    XEN_4_19(0x17, 0x15, 52, 56, 60, 72, true),
    XEN_4_20(0x17, 0x15, 52, 56, 60, 72, true),
    XEN_4_21(0x17, 0x16, 52, 56, 60, 76, true),
    XEN_4_22(0x18, 0x16, 52, 56, 60, 76, true);

    final int domctl;
    final int sysctl;
    final int traceSize;
    final int cpuPool;
    final int architecture;
    final int size;
    final boolean altp2m;

    Release(
        int domctl, int sysctl, int traceSize, int cpuPool, int arch, int size, boolean altp2m) {
      this.domctl = domctl;
      this.sysctl = sysctl;
      this.traceSize = traceSize;
      this.cpuPool = cpuPool;
      this.architecture = arch;
      this.size = size;
      this.altp2m = altp2m;
    }
  }

  private static final int ALTP2M = 48;

  /** Runs {@code body} with a structure at {@link #RAM} in which every byte is different. */
  private static void with(Release release, Consumer<CreateDomain> body) {
    SimulatedMachine machine = new SimulatedMachine(1).ram(RAM, 1 << 20);
    machine.run(() -> {
      for (int i = 0; i < Domctl.SIZEOF; i++) {
        Memory.store8(RAM + i, i + 1);
      }
      Memory.store32(RAM + Domctl.INTERFACE_VERSION, release.domctl);
      body.accept(new CreateDomain(RAM));
    });
  }

  private static int read32(int member) {
    return Memory.load32(RAM + Domctl.PAYLOAD + member);
  }

  @ParameterizedTest
  @EnumSource
  void createdomainIsReadWhereTheReleaseHasIt(Release release) {
    with(
        release,
        domain -> {
          assertEquals(read32(0), domain.securityId());
          assertEquals(read32(4), (int) domain.handleLow());
          assertEquals(read32(8), (int) (domain.handleLow() >>> 32));
          assertEquals(read32(12), (int) domain.handleHigh());
          assertEquals(read32(16), (int) (domain.handleHigh() >>> 32));
          assertEquals(read32(20), domain.flags());
          assertEquals(read32(24), domain.iommuOptions());
          assertEquals(read32(28), domain.maximumVcpus());
          assertEquals(read32(32), domain.maximumEventPort());
          assertEquals(read32(36), domain.maximumGrantFrames());
          assertEquals(read32(40), domain.maximumMaptrackFrames());
          assertEquals(read32(44) & 0xf, domain.grantVersion());
          assertTrue(domain.hasUnknownGrantOptions());
          assertEquals(release.altp2m ? read32(ALTP2M) & 0xffff : 0, domain.altp2mOptions());
          assertEquals(read32(release.traceSize), domain.traceSize());
          assertEquals(read32(release.cpuPool), domain.cpuPool());
        });
  }

  @ParameterizedTest
  @EnumSource
  void theArmPartIsWhereTheReleaseHasIt(Release release) {
    with(
        release,
        domain -> {
          ArchConfig config = domain.architecture();
          long at = RAM + Domctl.PAYLOAD + release.architecture;
          assertEquals(at, config.address());
          assertEquals(Memory.load8(at), config.gicVersion());
          assertEquals(Memory.load8(at + 1), config.sveVectorLength());
          assertEquals(Memory.load16(at + 2), config.teeType());
          assertEquals(Memory.load32(at + 4), config.sharedInterrupts());
          long behind = Memory.load64(at + 12);
          config.setGicVersion(ArchConfig.GIC_V3);
          config.setClockFrequency(-1);
          assertEquals(3 - 1, Memory.load8(at));
          assertEquals(-1, Memory.load32(at + 8));
          assertEquals(behind, Memory.load64(at + 12), "nothing is written behind it");
          assertTrue(release.architecture + 12 <= release.size);
          assertTrue(release.size <= Domctl.SIZEOF - Domctl.PAYLOAD);
        });
  }

  @ParameterizedTest
  @EnumSource
  void interfaceVersionsAreKnown(Release release) {
    SimulatedMachine machine = new SimulatedMachine(1).ram(RAM, 1 << 20);
    machine.run(() -> {
      Memory.store32(RAM + 4, release.domctl);
      assertTrue(new Domctl(RAM).isKnownVersion());
      Memory.store32(RAM + 4, release.sysctl);
      assertTrue(new Sysctl(RAM).isKnownVersion());
    });
  }

  @Test
  void othersAreNot() {
    SimulatedMachine machine = new SimulatedMachine(1).ram(RAM, 1 << 20);
    machine.run(() -> {
      for (int version : new int[] {0, 0x14, 0x19, -1}) {
        Memory.store32(RAM + 4, version);
        assertFalse(new Domctl(RAM).isKnownVersion());
        assertFalse(new Sysctl(RAM).isKnownVersion());
      }
    });
  }

  /** Layouts that are the same in all six releases: their sizes, which lists depend on. */
  @Test
  void whatIsAlikeInAllReleases() {
    assertEquals(144, Domctl.SIZEOF);
    assertEquals(136, Sysctl.SIZEOF);
    assertEquals(120, DomainInfo.SIZEOF);
    assertEquals(104, DomainInfo.ARCH_CONFIG, "12 bytes of it until 4.20, then 16");
    assertEquals(352, VcpuContext.SIZEOF);
    assertEquals(112, PhysicalInfo.SIZEOF);
    assertEquals(40, SysctlPool.Pool.SIZEOF);
  }
}
