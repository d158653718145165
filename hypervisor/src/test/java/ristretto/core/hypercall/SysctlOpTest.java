package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomainInfo;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.PhysicalInfo;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlCommand;
import ristretto.abi.SysctlPool;
import ristretto.core.console.Console;
import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.mm.Frames;
import ristretto.core.sched.Pools;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.SysReg;

/** sysctl: who may call, for which releases, and every command's arguments. */
class SysctlOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LIST = Guest.LIST;
  private static final long PAYLOAD = A + Sysctl.PAYLOAD;
  private static final int XEN_4_20 = 0x15;

  private static long sysctl(Guest guest, int command) {
    guest.write32(A, command);
    guest.write32(A + 4, XEN_4_20);
    return guest.call(HypercallNumber.SYSCTL, A);
  }

  private static int cpus() {
    if (Cpus.count() == 0) {
      Cpus.add(Cpu.current());
    }
    return Cpus.count();
  }

  @Test
  void isDom0sAlone() {
    Guest.domU(guest -> {
      for (int command = 0; command < 32; command++) {
        assertEquals(Errno.EPERM, sysctl(guest, command), "command " + command);
      }
      assertEquals(Errno.EPERM, guest.call(HypercallNumber.SYSCTL, 0));
    });
  }

  @Test
  void knowsTheReleasesThatItServes() {
    Guest.dom0(guest -> {
      guest.write32(A, SysctlCommand.SCHEDULER_ID);
      for (int version : new int[] {0x15, 0x16}) {
        guest.write32(A + 4, version);
        assertEquals(Errno.OK, guest.call(HypercallNumber.SYSCTL, A));
      }
      for (int version : new int[] {0, 0x14, 0x17, -1, Integer.MIN_VALUE}) {
        guest.write32(A + 4, version);
        assertEquals(Errno.EACCES, guest.call(HypercallNumber.SYSCTL, A), "version " + version);
      }
      for (long address : guest.badAddresses(Sysctl.SIZEOF)) {
        assertEquals(Errno.EFAULT, guest.call(HypercallNumber.SYSCTL, address));
      }
    });
  }

  @Test
  void doesNotPretend() {
    Guest.dom0(guest -> {
      int[] absent = {0, 5, 10, 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31, -1};
      for (int command : absent) {
        assertEquals(Errno.ENOSYS, sysctl(guest, command), "command " + command);
      }
      assertEquals(Errno.EOPNOTSUPP, sysctl(guest, SysctlCommand.COVERAGE_OP));
      assertEquals(Errno.EOPNOTSUPP, sysctl(guest, SysctlCommand.DT_OVERLAY));
    });
  }

  @Test
  void describesTheMachine() {
    Guest.dom0(guest -> {
      int cpus = cpus();
      guest.paint(A);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.PHYSICAL_INFO));
      assertEquals(1, guest.read32(PAYLOAD + PhysicalInfo.THREADS_PER_CORE));
      assertEquals(cpus, guest.read32(PAYLOAD + PhysicalInfo.CORES_PER_SOCKET));
      assertEquals(cpus, guest.read32(PAYLOAD + PhysicalInfo.NR_CPUS));
      assertEquals(cpus - 1, guest.read32(PAYLOAD + PhysicalInfo.MAX_CPU_ID));
      assertEquals(1, guest.read64(PAYLOAD + PhysicalInfo.NR_NODES));
      assertEquals(
          (int) (GenericTimer.frequency() / 1000), guest.read32(PAYLOAD + PhysicalInfo.CPU_KHZ));
      assertEquals(0x189, guest.read32(PAYLOAD + PhysicalInfo.CAPABILITIES));
      assertEquals(0, guest.read64(PAYLOAD + PhysicalInfo.ARCH_CAPABILITIES));
      assertEquals((64L << 20) / 4096, guest.read64(PAYLOAD + PhysicalInfo.TOTAL_PAGES));
      assertEquals(Frames.freeCount(), guest.read64(PAYLOAD + PhysicalInfo.FREE_PAGES));
      assertEquals(0, guest.read64(PAYLOAD + PhysicalInfo.SCRUB_PAGES));
      assertEquals(0, guest.read64(PAYLOAD + PhysicalInfo.OUTSTANDING_PAGES));
      assertEquals(Frames.highestFrame(), guest.read64(PAYLOAD + PhysicalInfo.MAX_MFN));
      assertEquals(0, guest.read64(PAYLOAD + PhysicalInfo.HW_CAP));
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.SCHEDULER_ID));
      assertEquals(6, guest.read32(PAYLOAD), "credit2");
    });
  }

  /** Firmware that leaves CNTFRQ_EL0 0 has the device tree say it. */
  @Test
  void theFrequencyIsTheOneThatBootingFound() {
    Guest.dom0(guest -> {
      long before = GenericTimer.frequency();
      SysReg.CNTFRQ_EL0.write(0);
      assertTrue(GenericTimer.setFrequency(24_000_000));
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.PHYSICAL_INFO));
      assertEquals(24_000, guest.read32(PAYLOAD + PhysicalInfo.CPU_KHZ));
      GenericTimer.setFrequency(before);
    });
  }

  // getdomaininfolist

  private static long list(Guest guest, int first, int room, long buffer) {
    guest.write32(PAYLOAD, first);
    guest.write32(PAYLOAD + 4, room);
    guest.write64(PAYLOAD + 8, buffer);
    return sysctl(guest, SysctlCommand.GET_DOMAIN_INFO_LIST);
  }

  @Test
  void listsDomainsInOrder() {
    Guest.dom0(guest -> {
      guest.another(70); // in a slot before that of 9
      guest.another(9);
      assertEquals(Errno.OK, list(guest, 0, 1024, LIST));
      assertEquals(3, guest.read32(PAYLOAD + 16));
      int[] ids = {0, 9, 70};
      for (int i = 0; i < 3; i++) {
        assertEquals(ids[i], guest.read32(LIST + (long) i * DomainInfo.SIZEOF));
      }
      assertEquals(Errno.OK, list(guest, 1, 1, LIST));
      assertEquals(1, guest.read32(PAYLOAD + 16));
      assertEquals(9, guest.read32(LIST));
      assertEquals(Errno.OK, list(guest, 71, -1, LIST));
      assertEquals(0, guest.read32(PAYLOAD + 16));
      assertEquals(Errno.OK, list(guest, 0, 0, 0));
      assertEquals(0, guest.read32(PAYLOAD + 16));
      for (long address : guest.badAddresses(DomainInfo.SIZEOF)) {
        assertEquals(Errno.EFAULT, list(guest, 0, 1, address));
      }
    });
  }

  // readconsole, debug_keys

  private static long readConsole(Guest guest, int flags, int index, int count) {
    guest.write32(PAYLOAD, flags);
    guest.write32(PAYLOAD + 4, index);
    guest.write64(PAYLOAD + 8, LIST);
    guest.write32(PAYLOAD + 16, count);
    return sysctl(guest, SysctlCommand.READ_CONSOLE);
  }

  private static String log(Guest guest) {
    return guest.text(LIST, guest.read32(PAYLOAD + 16));
  }

  @Test
  void readsTheLog() {
    Guest.dom0(guest -> {
      Console.install(new Console(4096));
      Log.info().text("one").end();
      assertEquals(Errno.OK, readConsole(guest, 0, 0, 16384));
      assertEquals("(XEN) one\n", log(guest));
      int index = guest.read32(PAYLOAD + 4);
      Log.info().text("two").end();
      assertEquals(Errno.OK, readConsole(guest, 0x100, index, 6));
      assertEquals("(XEN) ", log(guest), "goes on where it was, no farther than there is room");
      index = guest.read32(PAYLOAD + 4);
      assertEquals(Errno.OK, readConsole(guest, 0x101, index, 16384));
      assertEquals("two\n", log(guest));
      assertEquals(Errno.OK, readConsole(guest, 0, 0, 16384));
      assertEquals("", log(guest), "all was cleared up to what was read");
      Log.info().text("three").end();
      assertEquals(Errno.OK, readConsole(guest, 1, 0, 5));
      assertEquals("(XEN)", log(guest));
      assertEquals(Errno.OK, readConsole(guest, 0, 0, -1));
      assertEquals(" three\n", log(guest), "what was not read is not cleared");
      assertEquals(Errno.OK, readConsole(guest, 0x100, Integer.MIN_VALUE, -1));
      assertEquals(" three\n", log(guest), "a position that never was");
      for (long address : guest.badAddresses(7)) {
        guest.write64(PAYLOAD, 0);
        guest.write64(PAYLOAD + 8, address);
        guest.write32(PAYLOAD + 16, 7);
        assertEquals(Errno.EFAULT, guest.call(HypercallNumber.SYSCTL, A));
      }
    });
  }

  @Test
  void pressesDebugKeysOneATrap() {
    Guest.dom0(guest -> {
      Console console = new Console(4096);
      Console.install(console);
      StringBuilder pressed = new StringBuilder();
      console.keys().register(new Recorder('#', pressed));
      console.keys().register(new Recorder('+', pressed));
      guest.write32(LIST, '#' | '+' << 8 | '#' << 16);
      guest.write64(PAYLOAD, LIST);
      guest.write32(PAYLOAD + 8, 3);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.DEBUG_KEYS));
      assertEquals("#+#", pressed.toString());
      assertEquals(3, guest.calls);
      guest.write32(PAYLOAD + 8, 0);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.DEBUG_KEYS));
      guest.write64(PAYLOAD, 0);
      guest.write32(PAYLOAD + 8, -1);
      assertEquals(Errno.EFAULT, sysctl(guest, SysctlCommand.DEBUG_KEYS));
      assertEquals("#+#", pressed.toString());
    });
  }

  private record Recorder(int key, StringBuilder pressed) implements DebugKey {
    @Override
    public String description() {
      return "is noted";
    }

    @Override
    public void press() {
      pressed.append((char) key);
    }
  }

  // CPUs and nodes

  @Test
  void tellsWhereCpusAre() {
    Guest.dom0(guest -> {
      int cpus = cpus();
      guest.write64(PAYLOAD, 0);
      guest.write64(PAYLOAD + 8, 0);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.CPU_TOPOLOGY));
      assertEquals(cpus, guest.read32(PAYLOAD));
      guest.write64(PAYLOAD + 8, LIST);
      guest.write32(LIST, -1);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.CPU_TOPOLOGY));
      assertEquals(0, guest.read32(LIST));
      guest.write32(PAYLOAD, cpus - 1);
      assertEquals(Errno.ENOBUFS, sysctl(guest, SysctlCommand.CPU_TOPOLOGY));
      assertEquals(cpus, guest.read32(PAYLOAD), "how many there are");
      guest.write64(PAYLOAD + 8, 1L << 41);
      assertEquals(Errno.EFAULT, sysctl(guest, SysctlCommand.CPU_TOPOLOGY));
    });
  }

  @Test
  void tellsHowLongCpusIdled() {
    Guest.dom0(guest -> {
      int cpus = cpus();
      guest.write32(PAYLOAD, 1024);
      guest.write64(PAYLOAD + 8, LIST);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.GET_CPU_INFO));
      assertEquals(cpus, guest.read32(PAYLOAD + 16));
      assertEquals(0, guest.read64(LIST));
      guest.write32(PAYLOAD, 0);
      guest.write64(PAYLOAD + 8, 0);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.GET_CPU_INFO));
      assertEquals(0, guest.read32(PAYLOAD + 16));
      guest.write32(PAYLOAD, 1);
      assertEquals(Errno.EFAULT, sysctl(guest, SysctlCommand.GET_CPU_INFO));
      Cpu cpu = new Cpu(1, 1, 0, 0);
      cpu.beginIdle(100);
      assertEquals(50, cpu.idleTicks(150));
      cpu.endIdle(170);
      assertEquals(70, cpu.idleTicks(500));
    });
  }

  @Test
  void hasOneNodeWithAllMemory() {
    Guest.dom0(guest -> {
      guest.write64(PAYLOAD, 0);
      guest.write64(PAYLOAD + 8, 0);
      guest.write64(PAYLOAD + 16, 0);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.NUMA_INFO));
      assertEquals(1, guest.read32(PAYLOAD));
      guest.write64(PAYLOAD + 8, LIST);
      guest.write64(PAYLOAD + 16, LIST + 16);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.NUMA_INFO));
      assertEquals(64L << 20, guest.read64(LIST));
      assertEquals(Frames.freeCount() * 4096, guest.read64(LIST + 8));
      assertEquals(20, guest.read32(LIST + 16));
      guest.write32(PAYLOAD, 0);
      assertEquals(Errno.ENOBUFS, sysctl(guest, SysctlCommand.NUMA_INFO));
      guest.write64(PAYLOAD + 16, 1L << 41);
      assertEquals(Errno.EFAULT, sysctl(guest, SysctlCommand.NUMA_INFO));
    });
  }

  @Test
  void tellsFreeMemory() {
    Guest.dom0(guest -> {
      for (int node : new int[] {-1, 0}) {
        guest.write64(PAYLOAD, 0);
        guest.write32(PAYLOAD + 8, node);
        assertEquals(Errno.OK, sysctl(guest, SysctlCommand.AVAILABLE_HEAP));
        assertEquals(Frames.freeCount() * 4096, guest.read64(PAYLOAD + 16));
      }
      guest.write32(PAYLOAD + 8, 1);
      assertEquals(Errno.OK, sysctl(guest, SysctlCommand.AVAILABLE_HEAP));
      assertEquals(0, guest.read64(PAYLOAD + 16), "no such node, no memory");
      guest.write32(PAYLOAD + 4, 32);
      assertEquals(Errno.EOPNOTSUPP, sysctl(guest, SysctlCommand.AVAILABLE_HEAP));
    });
  }

  // Pools

  private static long pool(Guest guest, int operation, int pool, int domain) {
    guest.write32(PAYLOAD, operation);
    guest.write32(PAYLOAD + 4, pool);
    guest.write32(PAYLOAD + 12, domain);
    guest.write64(PAYLOAD + 24, LIST);
    guest.write32(PAYLOAD + 32, 64);
    guest.write64(LIST, -1);
    return sysctl(guest, SysctlCommand.CPU_POOL);
  }

  @Test
  void hasOnePoolWithEverything() {
    Guest.dom0(guest -> {
      int cpus = cpus();
      Pools.start(DomctlScheduler.CREDIT2);
      guest.another(6);
      assertEquals(Errno.OK, pool(guest, SysctlPool.INFO, 0, 0));
      assertEquals(6L << 32, guest.read64(PAYLOAD + 4), "pool 0, credit2");
      assertEquals(2, guest.read32(PAYLOAD + 20));
      assertEquals((1 << cpus) - 1, guest.read64(LIST));
      assertEquals(Errno.ENOENT, pool(guest, SysctlPool.INFO, 1, 0));
      assertEquals(Errno.OK, pool(guest, SysctlPool.FREE_INFO, 0, 0));
      assertEquals(0, guest.read64(LIST));
      for (int operation : new int[] {2, 4, 5}) {
        assertEquals(Errno.ENOENT, pool(guest, operation, 1, 0));
      }
      assertEquals(Errno.EBUSY, pool(guest, SysctlPool.DESTROY, 0, 0));
      assertEquals(Errno.OK, pool(guest, SysctlPool.MOVE_DOMAIN, 0, 6));
      assertEquals(Errno.ENOENT, pool(guest, SysctlPool.MOVE_DOMAIN, 1, 6));
      assertEquals(Errno.EINVAL, pool(guest, SysctlPool.MOVE_DOMAIN, 0, 7));
      assertEquals(Errno.ENOSYS, pool(guest, 0, 0, 0));
      assertEquals(Errno.ENOSYS, pool(guest, 8, 0, 0));
      guest.write32(PAYLOAD, SysctlPool.INFO);
      guest.write64(PAYLOAD + 24, 0);
      assertEquals(Errno.EFAULT, sysctl(guest, SysctlCommand.CPU_POOL));
    });
  }

  @Test
  void makesPools() {
    Guest.dom0(guest -> {
      Pools.start(DomctlScheduler.CREDIT2);
      guest.write32(PAYLOAD + 8, 42);
      assertEquals(Errno.EINVAL, pool(guest, SysctlPool.CREATE, -1, 0), "no such scheduler");
      guest.write32(PAYLOAD + 8, DomctlScheduler.ARINC653);
      assertEquals(Errno.OK, pool(guest, SysctlPool.CREATE, -1, 0));
      assertEquals(1, guest.read32(PAYLOAD + 4));
      assertEquals(Errno.EEXIST, pool(guest, SysctlPool.CREATE, 1, 0));
      guest.another(6);
      assertEquals(Errno.EBUSY, pool(guest, SysctlPool.MOVE_DOMAIN, 1, 6), "it has no CPU");
      assertEquals(Errno.EINVAL, pool(guest, SysctlPool.MOVE_DOMAIN, 1, 0), "Dom0 stays");
      guest.write32(PAYLOAD + 16, 99);
      assertEquals(Errno.EINVAL, pool(guest, SysctlPool.ADD_CPU, 1, 0));
      tableOfAnotherPool(guest);
      assertEquals(Errno.OK, pool(guest, SysctlPool.DESTROY, 1, 0));
    });
  }

  private static void tableOfAnotherPool(Guest guest) {
    guest.write64(PAYLOAD + 16, LIST);
    guest.write32(PAYLOAD, 1);
    guest.write32(PAYLOAD + 4, DomctlScheduler.ARINC653);
    guest.write32(PAYLOAD + 8, SysctlPool.PUT_INFO);
    guest.write64(LIST, 20_000_000);
    guest.write64(LIST + 8, 1);
    guest.write64(LIST + 16, 11);
    guest.write64(LIST + 24, 12);
    guest.write64(LIST + 32, 3);
    guest.write64(LIST + 40, 20_000_001);
    assertEquals(Errno.EINVAL, sysctl(guest, SysctlCommand.SCHEDULER_OP), "beyond the frame");
    guest.write64(LIST + 40, 8_000_000);
    assertEquals(Errno.OK, sysctl(guest, SysctlCommand.SCHEDULER_OP));
    guest.write64(LIST, 0);
    guest.write64(LIST + 32, 0);
    guest.write64(LIST + 40, 0);
    guest.write32(PAYLOAD + 8, SysctlPool.GET_INFO);
    assertEquals(Errno.OK, sysctl(guest, SysctlCommand.SCHEDULER_OP));
    assertEquals(20_000_000, guest.read64(LIST));
    assertEquals(3, guest.read64(LIST + 32));
    assertEquals(8_000_000, guest.read64(LIST + 40));
  }

  private static long schedule(Guest guest, int pool, int scheduler, int command, int limit) {
    guest.write32(PAYLOAD, pool);
    guest.write32(PAYLOAD + 4, scheduler);
    guest.write32(PAYLOAD + 8, command);
    guest.write32(PAYLOAD + 16, limit);
    return sysctl(guest, SysctlCommand.SCHEDULER_OP);
  }

  @Test
  void keepsTheRateLimit() {
    Guest.dom0(guest -> {
      Pools.start(DomctlScheduler.CREDIT2);
      assertEquals(Errno.OK, schedule(guest, 0, 6, SysctlPool.PUT_INFO, 1000));
      assertEquals(Errno.OK, schedule(guest, 0, 6, SysctlPool.GET_INFO, 0));
      assertEquals(1000, guest.read32(PAYLOAD + 16));
      for (int limit : new int[] {1, 99, 500_001, -1}) {
        assertEquals(Errno.EINVAL, schedule(guest, 0, 6, SysctlPool.PUT_INFO, limit));
      }
      assertEquals(Errno.OK, schedule(guest, 0, 6, SysctlPool.PUT_INFO, 0));
      assertEquals(Errno.OK, schedule(guest, 0, 6, SysctlPool.GET_INFO, 5));
      assertEquals(0, guest.read32(PAYLOAD + 16));
      assertEquals(Errno.OK, schedule(guest, 0, 6, SysctlPool.PUT_INFO, 1000));
      assertEquals(Errno.ESRCH, schedule(guest, 1, 6, SysctlPool.GET_INFO, 0));
      assertEquals(Errno.EINVAL, schedule(guest, 0, 5, SysctlPool.GET_INFO, 0));
      assertEquals(Errno.EINVAL, schedule(guest, 0, 6, 2, 0));
    });
  }

  @Test
  void answersMustBeWritable() {
    Guest.dom0(guest -> {
      assertTrue(sysctl(guest, SysctlCommand.SCHEDULER_ID) == Errno.OK);
      guest.readOnly(A);
      assertEquals(Errno.EFAULT, guest.call(HypercallNumber.SYSCTL, A));
    });
  }
}
