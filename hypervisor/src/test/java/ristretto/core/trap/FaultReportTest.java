package ristretto.core.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.arch.Esr;
import ristretto.arch.FaultFrame;
import ristretto.core.console.Console;
import ristretto.core.cpu.CpuStacks;
import ristretto.driver.uart.ConsoleDevice;
import ristretto.machine.FaultCode;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;

class FaultReportTest {
  private static final long RAM = 0x4000_0000L;
  private static final int IMAGE_SIZE = 1 << 20;
  private static final long FRAME = RAM + (2 << 20);
  private static final long STACKS = ImageSymbol.LINK_BASE + 0x1_0000;
  private static final long TEXT = ImageSymbol.LINK_BASE + 0x1000;

  /** What is printed for a fault; {@code more} adds to the frame and the stack. */
  private static List<String> report(int ec, int iss, long far, Runnable more) {
    StringBuilder shown = new StringBuilder();
    SimulatedMachine machine =
        new SimulatedMachine()
            .ram(RAM, 4 << 20)
            .symbol(ImageSymbol.CPU_STACKS, STACKS)
            .image(RAM, IMAGE_SIZE);
    machine.run(() -> {
      Console console = new Console(4096);
      Console.install(console);
      console.start(new Recorder(shown));
      Memory.store64(FRAME + FaultFrame.ESR, (long) ec << 26 | iss);
      Memory.store64(FRAME + FaultFrame.FAR, far);
      Memory.store64(FRAME + FaultFrame.ELR, TEXT);
      more.run();
      FaultReport.print(new FaultFrame(FRAME), 0);
    });
    return shown.toString().replace("\r", "").replace("(XEN) ", "").lines().toList();
  }

  private static String cause(int ec, int iss, long far) {
    return report(ec, iss, far, () -> {})
        .getFirst()
        .replace("*** Fault in the hypervisor on CPU 0: ", "");
  }

  @Test
  void namesTheCause() {
    assertEquals("index out of bounds", cause(Esr.EC_BRK64, FaultCode.BOUNDS, 0));
    assertEquals("division by zero", cause(Esr.EC_BRK64, FaultCode.DIVISION, 0));
    assertEquals("BRK 77", cause(Esr.EC_BRK64, 77, 0));
    assertEquals("null reference, offset 0x10", cause(Esr.EC_DATA_ABORT_SAME, 6, 0x10));
    assertEquals(
        "stack overflow at 0x800000013ff8",
        cause(Esr.EC_DATA_ABORT_SAME, 7, STACKS + CpuStacks.EMERGENCY_TOP + 0xff8));
    assertEquals(
        "write to 0x123456, status 0x6", cause(Esr.EC_DATA_ABORT_SAME, 1 << 6 | 6, 0x123456));
    assertEquals("jump to 0x666", cause(Esr.EC_INSTRUCTION_ABORT_SAME, 0, 0x666));
  }

  @Test
  void followsFramePointersUpwardsOnly() {
    long top = CpuStacks.AREA + STACKS;
    List<String> lines =
        report(
            Esr.EC_BRK64,
            FaultCode.CAST,
            0,
            () -> {
              Memory.store64(FRAME + FaultFrame.X29, top - 64);
              Memory.store64(top - 64, top - 16);
              Memory.store64(top - 56, TEXT + 0x104);
              Memory.store64(top - 16, top - 64); // a guest's x29, made to look like a record
              Memory.store64(top - 8, TEXT + 0x204);
            });
    assertEquals("  at 0x800000001000", lines.get(1));
    assertEquals("  at 0x800000001100", lines.get(2));
    assertEquals("  at 0x800000001200", lines.get(3));
    assertTrue(lines.get(4).startsWith("  pc 0000800000001000"), lines.get(4));
  }

  @Test
  void readsNothingOutsideTheStack() {
    for (long record :
        new long[] {0, 8, STACKS, STACKS - 16, STACKS + CpuStacks.AREA - 8, -16, TEXT + 4}) {
      List<String> lines =
          report(Esr.EC_BRK64, 1, 0, () -> Memory.store64(FRAME + FaultFrame.X29, record));
      assertTrue(lines.get(2).startsWith("  pc"), lines.get(2));
    }
  }

  private record Recorder(StringBuilder shown) implements ConsoleDevice {
    @Override
    public void start() {}

    @Override
    public boolean canPut() {
      return true;
    }

    @Override
    public void put(int b) {
      shown.append((char) b);
    }

    @Override
    public int poll() {
      return -1;
    }

    @Override
    public void enableReceiveInterrupt() {}

    @Override
    public void acknowledgeInterrupt() {}
  }
}
