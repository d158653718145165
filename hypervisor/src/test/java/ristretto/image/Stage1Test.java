package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.CpuStacks;
import ristretto.lang.Bits;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;
import ristretto.sim.VirtBoard;

/** EL2's own tables after a whole boot: every entry, as the hardware walks them. */
class Stage1Test {
  private static final String OPTIONS = "console=dtuart dtuart=serial0 dom0_mem=256M";
  private static final long NOT_TO_MAP = 0x7100_0000L;
  private static final String RESERVED_MEMORY =
      """
      reserved-memory {
        #address-cells = <2>; #size-cells = <2>; ranges;
        buffer { no-map; reg = <0 0x71000000 0 0x100000>; };
      };
      """;

  /** What one entry maps. */
  private record Leaf(
      long virtual, long physical, long size, boolean writable, boolean executable) {
    boolean covers(long address) {
      return address - virtual >= 0 && address - virtual < size;
    }

    boolean sharesMemoryWith(Leaf other) {
      return physical < other.physical + other.size && other.physical < physical + size;
    }
  }

  @Test
  void nothingIsWritableAndExecutableAndGuardsAreHoles() {
    FreshImage.run(Tables.class);
  }

  static final class Tables implements Runnable {
    private final List<Leaf> leaves = new ArrayList<>();

    @Override
    public void run() {
      VirtBoard board = BootOnSimulatedVirt.virt(2, 3).nodes(RESERVED_MEMORY);
      new BootOnSimulatedVirt(board, OPTIONS, Switching.RANDOM, 1).boot();
      SimulatedMachine machine = board.machine();
      long root = machine.cpu(0).register(SysReg.TTBR0_EL2);
      assertEquals(root, machine.cpu(1).register(SysReg.TTBR0_EL2));
      walk(machine, root, 0, 39);

      List<Leaf> executable = leaves.stream().filter(Leaf::executable).toList();
      assertFalse(executable.isEmpty());
      for (Leaf code : executable) {
        assertFalse(code.writable(), code.toString());
        for (Leaf other : leaves) {
          assertFalse(other.writable() && other.sharesMemoryWith(code), code + " and " + other);
        }
      }
      assertFalse(isMapped(0), "page 0");
      assertFalse(isMapped(NOT_TO_MAP), "what must not be mapped");
      assertTrue(isMapped(BootOnSimulatedVirt.KERNEL));
      assertTrue(isMapped(VirtBoard.UART));
      machine.run(() -> checkStacks());
    }

    private void checkStacks() {
      for (int cpu = 0; cpu < CpuStacks.MAX_CPUS; cpu++) {
        long area = CpuStacks.area(cpu);
        assertFalse(isMapped(area + CpuStacks.EMERGENCY_GUARD), "below the emergency stack");
        assertTrue(isMapped(CpuStacks.emergencyTop(cpu) - 8));
        assertFalse(isMapped(area + CpuStacks.EMERGENCY_TOP), "below the stack");
        assertTrue(isMapped(CpuStacks.top(cpu) - 8));
      }
      assertTrue(isMapped(ImageSymbol.TEXT_START.address()));
    }

    private boolean isMapped(long address) {
      return leaves.stream().anyMatch(leaf -> leaf.covers(address));
    }

    private void walk(SimulatedMachine machine, long table, long base, int shift) {
      for (int index = 0; index < 512; index++) {
        long entry = machine.word(table + index * 8L);
        long virtual = base + ((long) index << shift);
        boolean isTable = shift > 12 && Bits.get(entry, 1, 0) == 3;
        if (isTable) {
          walk(machine, Bits.get(entry, 47, 12) << 12, virtual, shift - 9);
        } else if (Bits.isSet(entry, 0)) {
          boolean writable = !Bits.isSet(entry, 7); // AP[2]
          boolean executable = !Bits.isSet(entry, 54); // XN
          long physical = Bits.get(entry, 47, shift) << shift;
          leaves.add(new Leaf(virtual, physical, 1L << shift, writable, executable));
        }
      }
    }
  }
}
