package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.fdt.StrictMemory;
import ristretto.lang.BootException;

/** CPU pools of the device tree, on the four CPUs of Agilex 5: 2 is the boot CPU, 3 like it. */
class CpuPoolsTest {
  private static final long IMAGE = 0x8a00_0000L;
  private static final int CREDIT2 = DomctlScheduler.CREDIT2;

  private static void read(String options, String pools, Consumer<CpuPools> check) {
    String chosen = Boards.AGILEX5_CHOSEN.replace("hmp-unsafe=true", "hmp-unsafe=true " + options);
    new StrictMemory(BootInfoTest.agilex5(chosen + pools), 0x20_0000)
        .run(() -> {
          LoaderTree loader = new LoaderTree(StrictMemory.BASE);
          check.accept(new BootInfo(loader, IMAGE, 0x20_0000, 0x200).pools);
        });
  }

  private static String node(String name, String properties) {
    return name + " { compatible = \"xen,cpupool\"; " + properties + " };";
  }

  private static String pool(String name, String cpus) {
    return node(name, "cpupool-cpus = <" + cpus + ">;");
  }

  private static String pool(String name, String cpus, String scheduler) {
    return node(name, "cpupool-cpus = <" + cpus + ">; cpupool-sched = \"" + scheduler + "\";");
  }

  private static void assertPool(int cpus, int scheduler, CpuPools pools, int pool) {
    assertEquals(cpus, pools.cpus(pool));
    assertEquals(scheduler, pools.scheduler(pool));
  }

  @Test
  void withoutNodesThereIsOne() {
    read(
        "sched=rtds",
        "",
        pools -> {
          assertEquals(1, pools.count());
          assertPool(0b1111, DomctlScheduler.RTDS, pools, 0);
        });
  }

  @Test
  void thatOfTheBootCpuIsPoolZero() {
    read(
        "",
        pool("a", "&cpu0 &cpu1", "null") + pool("b", "&cpu3 &cpu2"),
        pools -> {
          assertEquals(2, pools.count());
          assertPool(0b0011, CREDIT2, pools, 0);
          assertPool(0b1100, DomctlScheduler.NULL, pools, 1);
          assertEquals(0, pools.ofDom0(0));
          assertEquals(1, pools.ofDom0(1));
          assertEquals(0, pools.ofDom0(2));
        });
  }

  @Test
  void cpusThatNoneNamesAreInOneMore() {
    read(
        "",
        pool("a", "&cpu2", "arinc653") + pool("b", "&cpu1"),
        pools -> {
          assertEquals(3, pools.count());
          assertPool(0b0001, DomctlScheduler.ARINC653, pools, 0);
          assertPool(0b1000, CREDIT2, pools, 1);
          assertPool(0b0110, CREDIT2, pools, 2);
        });
    read(
        "",
        pool("a", "&cpu1", "null"),
        pools -> {
          assertPool(0b0111, CREDIT2, pools, 0);
          assertPool(0b1000, DomctlScheduler.NULL, pools, 1);
        });
  }

  private static void refused(String options, String pools, String expected) {
    BootException e = assertThrows(BootException.class, () -> read(options, pools, unused -> {}));
    assertEquals("device tree: /chosen/" + expected, e.getMessage());
  }

  /** An entry of a's CPUs. */
  private static void refusedEntry(int entry, String options, String cpus) {
    refused(
        options, pool("a", cpus), "a: cpupool-cpus: entry " + entry + " is no CPU that is used");
  }

  @Test
  void saysWhatIsWrong() {
    refused("", node("a", ""), "a: cpupool-cpus: a pool needs a CPU");
    refused("", node("a", "cpupool-cpus;"), "a: cpupool-cpus: a pool needs a CPU");
    refusedEntry(1, "", "&cpu0 &clkmgr");
    refusedEntry(0, "", "77");
    refusedEntry(1, "maxcpus=2", "&cpu3 &cpu0");
    refused(
        "",
        pool("a", "&cpu0") + pool("b", "&cpu1 &cpu0"),
        "b: cpupool-cpus: entry 1 is in a pool already");
    refused("", pool("a", "&cpu1 &cpu1"), "a: cpupool-cpus: entry 1 is in a pool already");
    refused(
        "",
        pool("a", "&cpu1", "credit"),
        "a: cpupool-sched: there is credit2, null, rtds, arinc653");
  }
}
