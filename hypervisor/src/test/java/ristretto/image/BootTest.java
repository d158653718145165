package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.arch.HcrEl2;
import ristretto.arch.TrapFrame;
import ristretto.core.console.Console;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Pool;
import ristretto.core.sched.Pools;
import ristretto.core.time.SystemTime;
import ristretto.driver.timer.GenericTimer;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtValues;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.Switching;
import ristretto.sim.VirtBoard;

/** The whole boot on the JVM, with EL2's own tables in use; each on a fresh copy of the image. */
class BootTest {
  private static final String OPTIONS = "console=dtuart dtuart=serial0 dom0_mem=256M";

  /** PSTATE: D, A, I, F masked, EL1h. Linux, Documentation/arch/arm64/booting.rst. */
  private static final long MASKED_EL1 = 0x3c5;

  @Test
  void startsDom0OnOneCpu() {
    FreshImage.run(OneCpu.class);
  }

  static final class OneCpu implements Runnable {
    @Override
    public void run() {
      starts(new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER));
    }
  }

  @Test
  void startsDom0OnFourCpus() {
    FreshImage.run(FourCpus.class);
  }

  static final class FourCpus implements Runnable {
    @Override
    public void run() {
      starts(new BootOnSimulatedVirt(4, 3, OPTIONS, Switching.RANDOM));
    }
  }

  @Test
  void startsDom0WithGicv2() {
    FreshImage.run(TwoCpusWithGicv2.class);
  }

  static final class TwoCpusWithGicv2 implements Runnable {
    @Override
    public void run() {
      starts(new BootOnSimulatedVirt(2, 2, OPTIONS, Switching.RANDOM));
    }
  }

  @Test
  void usesNoMoreCpusThanAllowed() {
    FreshImage.run(LimitedCpus.class);
  }

  static final class LimitedCpus implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(4, 3, OPTIONS + " maxcpus=2", Switching.RANDOM);
      boot.boot();
      assertEquals(2, Cpus.count());
      assertEquals(2, Objects.requireNonNull(Domains.find(0)).vcpus.length);
    }
  }

  /** Its vCPU would wait there for ever. */
  @Test
  void putsNoVcpuOnACpuThatDoesNotStart() {
    FreshImage.run(MissingCpu.class);
  }

  static final class MissingCpu implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(2, 3, OPTIONS + " dom0_vcpus_pin", Switching.RANDOM);
      boot.board.machine().cpu(1).setRegister(SysReg.MPIDR_EL1, 0x77); // PSCI knows no CPU 1
      boot.boot();
      assertTrue(boot.console().contains("CPU 1 (MPIDR 0x1) does not start"), boot.console());
      Domain dom0 = Objects.requireNonNull(Domains.find(0));
      assertEquals(2, dom0.vcpus.length);
      boot.board
          .machine()
          .run(() -> {
            Vcpu second = dom0.vcpus[1];
            second.start(BootOnSimulatedVirt.KERNEL, 0);
            assertEquals(0, second.cpu.index);
            assertEquals(1, second.affinity);
          });
    }
  }

  /** CPUs 1 and 3 are a pool of the device tree; Dom0 gets by with the other two. */
  @Test
  void dividesTheCpusIntoPools() {
    FreshImage.run(TwoPools.class);
  }

  static final class TwoPools implements Runnable {
    @Override
    public void run() {
      String options = OPTIONS + " dom0_vcpus_pin";
      var boot = new BootOnSimulatedVirt(twoPools(), options, Switching.RANDOM, 1);
      boot.boot();
      assertTrue(boot.console().contains("starting Dom0 with 2 vCPUs"), boot.console());
      Pool second = Objects.requireNonNull(Pools.find(1));
      assertEquals(0b0101, Pool.FIRST.cpus());
      assertEquals(0b1010, second.cpus());
      assertEquals(DomctlScheduler.NULL, second.scheduler());
      assertEquals(second, Cpus.get(3).pool);
      assertEquals(0, Pools.freeCpus());
      Domain dom0 = Objects.requireNonNull(Domains.find(0));
      assertEquals(Pool.FIRST, dom0.share.pool());
      assertEquals(1 << 2, dom0.vcpus[1].affinity);
    }
  }

  private static VirtBoard twoPools() {
    return BootOnSimulatedVirt.virt(4, 3)
        .nodes(
            """
            };
            / {
              chosen {
                pool {
                  compatible = "xen,cpupool"; cpupool-sched = "null";
                  cpupool-cpus = <&{/cpus/cpu@1} &{/cpus/cpu@3}>;
                };
              };
            """);
  }

  @Test
  void stopsWhenACpuOfAPoolDoesNotStart() {
    FreshImage.run(PoolWithoutCpu.class);
  }

  static final class PoolWithoutCpu implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(twoPools(), OPTIONS, Switching.RANDOM, 1);
      boot.board.machine().cpu(3).setRegister(SysReg.MPIDR_EL1, 0x77); // PSCI knows no CPU 3
      assertEquals(0, boot.boot().address());
      assertTrue(
          boot.console().contains("a CPU that the device tree puts into a pool does not start"),
          boot.console());
    }
  }

  @Test
  void namesAnOptionThatItDoesNotKnow() {
    FreshImage.run(UnknownOption.class);
  }

  static final class UnknownOption implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS + " no-such-option=7", Switching.NEVER);
      boot.boot();
      assertTrue(boot.console().contains("no-such-option"), boot.console());
    }
  }

  @Test
  void saysWhyItCannotStart() {
    FreshImage.run(BadKernel.class);
  }

  static final class BadKernel implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board.load(BootOnSimulatedVirt.KERNEL, new byte[64]);
      assertEquals(0, boot.boot().address());
      assertTrue(boot.console().contains("not an arm64 Image"), boot.console());
      assertTrue(boot.console().contains("Halted"), boot.console());
    }
  }

  @Test
  void actsOnItsOptions() {
    FreshImage.run(Options.class);
  }

  static final class Options implements Runnable {
    @Override
    public void run() {
      String options =
          " conring_size=100k console_timestamps=boot conswitch=bx vwfi=native"
              + " gnttab_max_frames=7 gnttab_max_maptrack_frames=9";
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS + options, Switching.NEVER);
      boot.boot();
      String console = boot.console();
      assertEquals(128 << 10, Console.system().ringSize());
      assertTrue(console.startsWith("(XEN) [    0.000000] Ristretto "), console);
      assertTrue(console.contains("Serial input to Xen (type 'CTRL-b' three times"), console);
      Domain dom0 = Objects.requireNonNull(Domains.find(0));
      assertEquals(HcrEl2.GUEST_WAITS_NATIVELY, dom0.hcr);
      assertEquals(7, dom0.grants.limit());
      assertEquals(9, dom0.grants.maptrackLimit());
    }
  }

  @Test
  void hasXensDefaults() {
    FreshImage.run(Defaults.class);
  }

  static final class Defaults implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.boot();
      String console = boot.console();
      assertEquals(32 << 10, Console.system().ringSize());
      assertTrue(console.startsWith("(XEN) Ristretto "), console);
      assertTrue(console.contains("Serial input to DOM0 (type 'CTRL-a' three times"), console);
      Domain dom0 = Objects.requireNonNull(Domains.find(0));
      assertEquals(HcrEl2.GUEST, dom0.hcr);
      assertEquals(1024, dom0.grants.maptrackLimit());
    }
  }

  @Test
  void takesTheFrequencyFromTheTreeWhereFirmwareSetNone() {
    FreshImage.run(FrequencyOfTheTree.class);
  }

  static final class FrequencyOfTheTree implements Runnable {
    @Override
    public void run() {
      VirtBoard board =
          BootOnSimulatedVirt.virt(2, 3).withoutCounterFrequency("clock-frequency = <50000000>;");
      TrapFrame frame = starts(new BootOnSimulatedVirt(board, OPTIONS, Switching.RANDOM, 1));
      assertEquals(50_000_000, GenericTimer.frequency());
      board
          .machine()
          .run(() -> {
            assertEquals(1_000_000_000, SystemTime.toNanoseconds(50_000_000));
            Fdt tree = Fdt.open(frame.x(0));
            FdtNode timer = tree.child(tree.root(), "timer");
            assertEquals(50_000_000, FdtValues.u32(tree, timer, "clock-frequency", 0));
          });
    }
  }

  @Test
  void doesNotStartWithoutAnyFrequency() {
    FreshImage.run(NoFrequency.class);
  }

  static final class NoFrequency implements Runnable {
    @Override
    public void run() {
      VirtBoard board = BootOnSimulatedVirt.virt(1, 3).withoutCounterFrequency("");
      var boot = new BootOnSimulatedVirt(board, OPTIONS, Switching.NEVER, 1);
      assertEquals(0, boot.boot().address());
      assertTrue(
          boot.console()
              .contains(
                  "cannot start: device tree: the timer has no clock-frequency, and firmware"),
          boot.console());
    }
  }

  @Test
  void refusesAnInterruptForTwo() {
    FreshImage.run(SharedInterrupt.class);
  }

  static final class SharedInterrupt implements Runnable {
    @Override
    public void run() {
      VirtBoard board = BootOnSimulatedVirt.virt(1, 3).wire(25, 25, 27);
      var boot = new BootOnSimulatedVirt(board, OPTIONS, Switching.NEVER, 1);
      assertEquals(0, boot.boot().address());
      assertTrue(boot.console().contains("/timer: interrupts: two of"), boot.console());
    }
  }

  private static TrapFrame starts(BootOnSimulatedVirt boot) {
    TrapFrame frame = boot.boot();
    assertTrue(frame.address() != 0, boot.console());
    boot.board
        .machine()
        .run(() -> {
          assertEquals(BootOnSimulatedVirt.KERNEL, frame.elr(), boot.console());
          assertEquals(MASKED_EL1, frame.spsr());
          assertEquals(0xedfe_0dd0, Memory.load32(frame.x(0)));
          assertEquals(0, frame.x(1));
        });
    int cpus = boot.board.machine().cpuCount();
    assertEquals(cpus, Cpus.count());
    for (int i = 0; i < cpus; i++) {
      assertTrue(Cpus.get(i).online, boot.console());
    }
    assertEquals(cpus, Objects.requireNonNull(Domains.find(0)).vcpus.length);
    assertTrue(boot.console().contains("(XEN) *** LOADING DOMAIN 0 ***\r\n"), boot.console());
    return frame;
  }
}
