package ristretto.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import ristretto.arch.TrapFrame;
import ristretto.core.trap.GuestCpu;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtValues;
import ristretto.lang.Bits;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.Outcome;
import ristretto.sim.Switching;
import ristretto.sim.VirtBoard;

/** What Dom0's first instructions ask of the hypervisor, on the JVM, after a whole boot. */
class Dom0Test {
  private static final String OPTIONS = "console=dtuart dtuart=serial0 dom0_mem=256M";
  private static final long PSCI_VERSION = 0x8400_0000L;
  private static final long PSCI_CPU_ON = 0xc400_0003L;
  private static final long PSCI_SYSTEM_OFF = 0x8400_0008L;
  private static final int XEN_VERSION = 17;
  private static final int CONSOLE_IO = 18;
  private static final int CONSOLEIO_WRITE = 0;
  private static final int CONSOLEIO_READ = 1;
  private static final long ENOSYS = -38;
  private static final int VIRTUAL_TIMER = 27;
  private static final long GICD = 0x0800_0000L;

  /** Offset of the vector for synchronous exceptions taken from EL1 with SP_EL1. */
  private static final long ABORT_VECTOR = 0x200;

  /** Memory of Dom0 that nothing else uses. */
  private static final long DATA = 0x4900_0000L;

  private static final long SECOND_ENTRY = 0x4800_2000L;

  private static BootOnSimulatedVirt boot(int cpus, int gic) {
    return new BootOnSimulatedVirt(cpus, gic, OPTIONS, Switching.RANDOM);
  }

  /** Boots and runs {@code program} as vCPU 0. */
  private static void asDom0(BootOnSimulatedVirt boot, Consumer<GuestCpu> program) {
    boot.board.machine().run(() -> program.accept(boot.bootHere()));
  }

  @Test
  void answersFirmwareCallsAndHypercalls() {
    FreshImage.run(Calls.class);
  }

  static final class Calls implements Runnable {
    @Override
    public void run() {
      BootOnSimulatedVirt boot = boot(1, 3);
      asDom0(
          boot,
          guest -> {
            assertEquals(0x1_0001, guest.firmware(PSCI_VERSION));
            assertEquals(4, guest.hypercall(XEN_VERSION, 0, 0) >>> 16);
            byte[] text = "hello from Dom0\n".getBytes(US_ASCII);
            boot.board.load(DATA, text);
            assertEquals(0, guest.hypercall(CONSOLE_IO, CONSOLEIO_WRITE, text.length, DATA));
            assertEquals(ENOSYS, guest.hypercall(63));
          });
      assertTrue(boot.console().endsWith("\nhello from Dom0\r\n"), boot.console());
    }
  }

  @Test
  void givesDom0ItsMemoryAndDevicesButNotOurs() {
    FreshImage.run(Accesses.class);
  }

  static final class Accesses implements Runnable {
    @Override
    public void run() {
      asDom0(
          boot(1, 3),
          guest -> {
            guest.store(DATA, 8, 0x1234_5678_9abcL);
            assertEquals(0x5678_9abcL, guest.load(DATA, 4));
            long pc = guest.pc();
            guest.load(GICD, 4);
            assertEquals(pc + 4, guest.pc());
            guest.load(VirtBoard.UART, 4); // the console is the hypervisor's: a data abort
            assertEquals(ABORT_VECTOR, guest.pc() & 0x7ff);
          });
    }
  }

  /** A pool that Linux takes ordinary pages from, and a buffer that nobody may map unasked. */
  private static final String RESERVED_MEMORY =
      """
      reserved-memory {
        #address-cells = <2>; #size-cells = <2>; ranges;
        pool { compatible = "shared-dma-pool"; reusable; reg = <0 0x70000000 0 0x400000>; };
        buffer { no-map; reg = <0 0x71000000 0 0x100000>; };
      };
      """;

  private static final long POOL = 0x7000_0000L;
  private static final long BUFFER = 0x7100_0000L;
  private static final long EFAULT = -14;
  private static final long INVALID_ADDRESS = -9;

  @Test
  void takesArgumentsFromReservedMemoryOnlyWhereItMayBeMapped() {
    FreshImage.run(ReservedMemory.class);
  }

  static final class ReservedMemory implements Runnable {
    @Override
    public void run() {
      VirtBoard board = BootOnSimulatedVirt.virt(2, 3).nodes(RESERVED_MEMORY);
      var boot = new BootOnSimulatedVirt(board, OPTIONS, Switching.NEVER, 1);
      asDom0(
          boot,
          guest -> {
            guest.store(POOL, 8, 0x0a21_6c6f_6f70L); // "pool!" and a line's end
            guest.store(BUFFER, 8, 0x0a21_7261_6562L);
            assertEquals(0, guest.hypercall(CONSOLE_IO, CONSOLEIO_WRITE, 6, POOL));
            assertEquals(EFAULT, guest.hypercall(CONSOLE_IO, CONSOLEIO_WRITE, 6, BUFFER));
            assertEquals(INVALID_ADDRESS, guest.firmware(PSCI_CPU_ON, 1, BUFFER, 0));
          });
      assertTrue(boot.console().endsWith("pool!\r\n"), boot.console());
    }
  }

  @Test
  void readsIdentificationThroughTheTable() {
    FreshImage.run(Identification.class);
  }

  static final class Identification implements Runnable {
    @Override
    public void run() {
      asDom0(
          boot(1, 3),
          guest -> {
            long features = guest.read(SysReg.ID_AA64PFR0_EL1);
            assertEquals(0, Bits.get(features, 11, 8), "EL2 is not for guests");
            long pc = guest.pc();
            guest.read(SysReg.ID_AA64MMFR0_EL1);
            assertEquals(pc + 4, guest.pc());
          });
    }
  }

  @Test
  void clearsTheBranchTypeBehindAnEmulatedInstruction() {
    FreshImage.run(BranchType.class);
  }

  static final class BranchType implements Runnable {
    @Override
    public void run() {
      asDom0(
          boot(1, 3),
          guest -> {
            long before = guest.pstate();
            guest.setPstate(before | Bits.mask(11, 10)); // behind BLR, at its target
            guest.read(SysReg.ID_AA64MMFR0_EL1);
            assertEquals(before, guest.pstate());
          });
    }
  }

  @Test
  void wakesDom0ByItsTimer() {
    FreshImage.run(TimerGicv3.class);
    FreshImage.run(TimerGicv2.class);
  }

  static final class TimerGicv3 implements Runnable {
    @Override
    public void run() {
      sleepsUntilItsTimer(boot(1, 3));
    }
  }

  static final class TimerGicv2 implements Runnable {
    @Override
    public void run() {
      sleepsUntilItsTimer(boot(1, 2));
    }
  }

  /** The board's interrupts are others than usual; those of the guest are not. */
  @Test
  void wakesDom0ByItsTimerWhateverTheBoardsInterrupts() {
    FreshImage.run(OtherInterruptsGicv3.class);
    FreshImage.run(OtherInterruptsGicv2.class);
  }

  static final class OtherInterruptsGicv3 implements Runnable {
    @Override
    public void run() {
      sleepsUntilItsTimer(otherwiseWired(3));
    }
  }

  static final class OtherInterruptsGicv2 implements Runnable {
    @Override
    public void run() {
      sleepsUntilItsTimer(otherwiseWired(2));
    }
  }

  /** The machine's virtual timer raises INTID 20; Dom0's tree says PPI 11, which is 27. */
  @Test
  void tellsDom0TheInterruptsOfItsTimers() {
    FreshImage.run(TimersOfTheTree.class);
  }

  static final class TimersOfTheTree implements Runnable {
    @Override
    public void run() {
      BootOnSimulatedVirt boot = otherwiseWired(3);
      TrapFrame frame = boot.boot();
      boot.board
          .machine()
          .run(() -> {
            Fdt tree = Fdt.open(frame.x(0));
            FdtNode timer = tree.child(tree.root(), "timer");
            FdtProperty interrupts = tree.property(timer, "interrupts");
            assertEquals(14, FdtValues.cell(tree, timer, interrupts, 4), "physical timer");
            assertEquals(11, FdtValues.cell(tree, timer, interrupts, 7), "virtual timer");
          });
    }
  }

  private static BootOnSimulatedVirt otherwiseWired(int gic) {
    VirtBoard board = BootOnSimulatedVirt.virt(1, gic).wire(18, 27, 20);
    return new BootOnSimulatedVirt(board, OPTIONS, Switching.RANDOM, 1);
  }

  private static void sleepsUntilItsTimer(BootOnSimulatedVirt boot) {
    asDom0(
        boot,
        guest -> {
          guest.store(GICD, 4, 3); // GICD_CTLR: enable
          guest.enablePrivateInterrupt(VIRTUAL_TIMER);
          guest.enableInterrupts();
          long start = SysReg.CNTVCT_EL0.read();
          SysReg.CNTV_CVAL_EL0.write(start + 5_000_000);
          SysReg.CNTV_CTL_EL0.write(1);
          guest.waitForInterrupt();
          assertTrue(SysReg.CNTVCT_EL0.read() - start >= 5_000_000);
          assertTrue(guest.isInterrupted());
          assertEquals(VIRTUAL_TIMER, guest.acknowledge());
          SysReg.CNTV_CTL_EL0.write(2);
          guest.end(VIRTUAL_TIMER);
          assertFalse(guest.isInterrupted());
          assertFalse(boot.console().contains("belongs to nobody"), boot.console());
        });
  }

  @Test
  void startsItsOtherVcpuAndInterruptsIt() {
    for (long seed = 1; seed <= Long.getLong("ristretto.seeds", 5); seed++) {
      FreshImage.run(TwoVcpus.class, seed);
    }
  }

  static final class TwoVcpus implements LongConsumer {
    @Override
    public void accept(long seed) {
      var boot = new BootOnSimulatedVirt(2, 3, OPTIONS, Switching.RANDOM, seed);
      boot.onSecondary(guest -> {
        assertEquals(SECOND_ENTRY, guest.pc());
        guest.enablePrivateInterrupt(3);
        guest.enableInterrupts();
        guest.store(DATA, 4, 1);
        while (!guest.isInterrupted()) {
          guest.waitForInterrupt();
        }
        assertEquals(3, guest.acknowledge());
        guest.end(3);
        guest.store(DATA, 4, 2);
        while (true) {
          guest.waitForInterrupt();
        }
      });
      asDom0(
          boot,
          guest -> {
            guest.store(GICD, 4, 3);
            assertEquals(0, guest.firmware(PSCI_CPU_ON, 1, SECOND_ENTRY, 7));
            while (guest.load(DATA, 4) != 1) {
              guest.spin();
            }
            guest.write(SysReg.ICC_SGI1R_EL1, 3L << 24 | 2); // SGI 3 to the CPU with Aff0 1
            while (guest.load(DATA, 4) != 2) {
              guest.spin();
            }
          });
    }
  }

  @Test
  void readsWhatIsTyped() {
    FreshImage.run(Typed.class);
  }

  static final class Typed implements Runnable {
    @Override
    public void run() {
      BootOnSimulatedVirt boot = boot(1, 3);
      asDom0(
          boot,
          guest -> {
            boot.board.type("ls\r");
            guest.spin();
            assertEquals(3, guest.hypercall(CONSOLE_IO, CONSOLEIO_READ, 16, DATA));
            assertEquals("ls\r", new String(boot.board.machine().read(DATA, 3), US_ASCII));
            boot.board.type("\u0001\u0001\u0001h");
            guest.spin();
            assertEquals(0, guest.hypercall(CONSOLE_IO, CONSOLEIO_READ, 16, DATA));
          });
      assertTrue(boot.console().contains("'h' pressed"), boot.console());
    }
  }

  @Test
  void switchesTheMachineOff() {
    FreshImage.run(PowerOff.class);
  }

  static final class PowerOff implements Runnable {
    @Override
    public void run() {
      BootOnSimulatedVirt boot = boot(2, 3);
      asDom0(boot, guest -> guest.firmware(PSCI_SYSTEM_OFF));
      assertEquals(Outcome.POWER_OFF, boot.board.machine().outcome(), boot.console());
    }
  }
}
