package ristretto.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ristretto.arch.Smccc;
import ristretto.machine.CpuLocal;
import ristretto.machine.Hint;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.SimulatedMachine;

/** What is done about speculation, and what guests are told, by CPU and by firmware. */
class MitigationsTest {
  private static final long RAM = 0x4000_0000L;
  private static final long SCRATCH = RAM + (1 << 20);

  /**
   * CPU, MIDR, CSV2, ECBHB; what EL3 answers to ARCH_FEATURES of workarounds 1, 2 and 3; the vector
   * table; what guests are told of the three.
   */
  private static final String[] CASES = {
    "A53,                     410fd034, 0, 0, -1, -1, -1, VECTORS_PLAIN,     1, -1,  1",
    "A55,                     411fd050, 1, 0, -1, -1, -1, VECTORS_PLAIN,     1, -1,  1",
    "A72 r0p3 without help,   410fd083, 0, 0, -1, -1, -1, VECTORS_PLAIN,    -1, -1, -1",
    "A72 r0p3 with the first, 410fd083, 0, 0,  0,  0, -1, VECTORS_FIRMWARE,  0,  1,  0",
    "A72 r0p3 with all,       410fd083, 0, 0,  0,  0,  0, VECTORS_FIRMWARE,  0,  1,  0",
    "A72 r1p0,                411fd080, 1, 0,  1,  1,  1, VECTORS_LOOP:8,    1,  1,  0",
    "A73 with all,            410fd091, 0, 0,  0,  0,  0, VECTORS_FIRMWARE,  0,  1,  0",
    "A73 with CSV2,           411fd090, 1, 0,  1, -2,  0, VECTORS_FIRMWARE,  1, -2,  0",
    "A75 with CSV2 alone,     413fd0a0, 1, 0, -1, -1, -1, VECTORS_PLAIN,     1, -1, -1",
    "A76,                     414fd0b1, 1, 0, -1, -1, -1, VECTORS_LOOP:24,   1, -1,  0",
    "A76 and CSV2_3,          414fd0b1, 3, 0, -1, -2, -1, VECTORS_PLAIN,     1, -2,  1",
    "A78 and ECBHB,           411fd410, 1, 1, -1, -2, -1, VECTORS_PLAIN,     1, -2,  1",
    "A78,                     411fd410, 1, 0, -1,  0, -1, VECTORS_LOOP:32,   1,  1,  0",
    "a foreign CPU,           610f0d0b, 0, 0, -1, -1, -1, VECTORS_PLAIN,    -1, -1, -1",
    "a foreign immune CPU,    610f0d0b, 0, 0,  1, -2,  1, VECTORS_PLAIN,     1, -2,  1",
    "a foreign CPU with help, 610f0d0b, 0, 0,  0, -1, -1, VECTORS_FIRMWARE,  0, -1,  0",
  };

  static IntStream cases() {
    return IntStream.range(0, CASES.length);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void choosesTheTableAndSaysSo(int row) {
    FreshImage.run(Start.class, row);
  }

  @Test
  void eachClassIsToldWhatIsTrueOfIt() {
    FreshImage.run(Classes.class);
  }

  /** A Cortex-A55 and a Cortex-A76: told apart until vCPUs may change between them. */
  static final class Classes implements Runnable {
    @Override
    public void run() {
      SimulatedMachine machine = new SimulatedMachine(2).ram(RAM, 2 << 20).image(RAM, 1 << 20);
      machine.cpu(0).setRegister(SysReg.MIDR_EL1, 0x412f_d050L);
      machine.cpu(1).setRegister(SysReg.MIDR_EL1, 0x414f_d0b1L);
      for (int i = 0; i < 2; i++) {
        machine.cpu(i).setRegister(SysReg.ID_AA64PFR0_EL1, 1L << 56); // CSV2
      }
      boolean[] done = new boolean[2];
      machine.runAll(
          () -> {
            for (int i = 0; i < 2; i++) {
              Cpu cpu = new Cpu(i, i, 0, SCRATCH + i * 4096L);
              cpu.peers = 1 << i;
              Cpus.add(cpu);
            }
            start(0);
            while (!done[1]) {
              Hint.spin();
            }
            assertEquals(
                Smccc.NOT_REQUIRED_HERE, Mitigations.offered(Smccc.ARCH_WORKAROUND_3), "A55");
            Cpus.get(0).peers = 0b11;
            assertEquals(0, Mitigations.offered(Smccc.ARCH_WORKAROUND_3), "hmp-unsafe");
          },
          () -> {
            while (Cpus.count() < 2) {
              Hint.spin();
            }
            start(1);
            assertEquals(0, Mitigations.offered(Smccc.ARCH_WORKAROUND_3), "A76");
            done[1] = true;
          });
      assertEquals(0, Cpus.get(0).historyRounds);
      assertEquals(24, Cpus.get(1).historyRounds);
    }

    private static void start(int index) {
      CpuLocal.set(Cpus.get(index));
      Mitigations.startThisCpu();
    }
  }

  /** A CPU that starts; its static state is as in a new image. */
  static final class Start implements LongConsumer {
    private final List<Long> storeBypassCalls = new ArrayList<>();

    @Override
    public void accept(long row) {
      String[] column = CASES[(int) row].split(" *, *");
      SimulatedMachine machine = new SimulatedMachine().ram(RAM, 2 << 20).image(RAM, 1 << 20);
      SimulatedCpu cpu = machine.cpu(0);
      cpu.setRegister(SysReg.MIDR_EL1, Long.parseLong(column[1], 16));
      cpu.setRegister(SysReg.ID_AA64PFR0_EL1, Long.parseLong(column[2]) << 56);
      cpu.setRegister(SysReg.ID_AA64MMFR1_EL1, Long.parseLong(column[3]) << 60);
      machine.secureMonitor((caller, x) -> x[0] = firmware(x, column));
      String[] tableAndRounds = (column[7] + ":0").split(":");
      ImageSymbol table = ImageSymbol.valueOf(tableAndRounds[0]);
      machine.run(() -> {
        Cpu here = new Cpu(0, 0, 0, SCRATCH);
        CpuLocal.set(here);
        PhysicalPsci.configure(true, 0);
        Mitigations.startThisCpu();
        assertEquals(table.address(), SysReg.VBAR_EL2.read(), column[0]);
        assertEquals(number(tableAndRounds[1]), here.historyRounds, column[0]);
        assertEquals(number(column[8]), Mitigations.offered(Smccc.ARCH_WORKAROUND_1), column[0]);
        assertEquals(number(column[9]), Mitigations.offered(Smccc.ARCH_WORKAROUND_2), column[0]);
        assertEquals(number(column[10]), Mitigations.offered(Smccc.ARCH_WORKAROUND_3), column[0]);
        assertEquals(
            called(table, column),
            Memory.load32(ImageSymbol.FIRMWARE_WORKAROUND.address()),
            column[0]);
        // Dynamic: switched on, once, for good.
        assertEquals(number(column[5]) == 0 ? List.of(1L) : List.of(), storeBypassCalls, column[0]);
      });
    }

    private static int called(ImageSymbol table, String[] column) {
      if (table != ImageSymbol.VECTORS_FIRMWARE) {
        return 0;
      }
      return number(column[6]) == 0 ? Smccc.ARCH_WORKAROUND_3 : Smccc.ARCH_WORKAROUND_1;
    }

    private long firmware(long[] x, String[] column) {
      return switch ((int) x[0]) {
        case 0x8400_000a -> 0; // PSCI_FEATURES: SMCCC_VERSION is there
        case Smccc.VERSION -> 0x1_0001;
        case Smccc.ARCH_FEATURES ->
            switch ((int) x[1]) {
              case Smccc.ARCH_WORKAROUND_1 -> number(column[4]);
              case Smccc.ARCH_WORKAROUND_2 -> number(column[5]);
              case Smccc.ARCH_WORKAROUND_3 -> number(column[6]);
              default -> -1;
            };
        case Smccc.ARCH_WORKAROUND_2 -> {
          storeBypassCalls.add(x[1]);
          yield 0;
        }
        default -> throw new AssertionError("call %x".formatted(x[0]));
      };
    }

    private static int number(String text) {
      return Integer.parseInt(text);
    }
  }
}
