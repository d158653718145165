package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlCommand;
import ristretto.abi.SysctlMachine.CpuPlace;
import ristretto.abi.SysctlMachine.CpuTopology;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Pool;
import ristretto.core.sched.Pools;
import ristretto.core.trap.GuestCpu;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.sim.DeviceTree;
import ristretto.sim.DeviceTree.Node;
import ristretto.sim.FreshImage;

/**
 * Agilex 5 has two Cortex-A55 and two Cortex-A76: a vCPU keeps to one kind, whatever happens, and
 * reads nothing of the other. The board's own tree, other identification registers on each kind.
 */
class BigLittleTest {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=512M dom0_max_vcpus=1 dom0_vcpus_pin";

  /** CPUs as the hypervisor counts them, whichever kind boots. */
  private static final int BOOT_CLASS = 0b0011;

  private static final int OTHER_CLASS = 0b1100;
  private static final int ALL = BOOT_CLASS | OTHER_CLASS;

  /** Dom0's pages for arguments, and a guest frame of it with nothing in it. */
  private static final long PAGES = 0x8c00_0000L;

  private static final long WINDOW = 0x10_0000;

  private static final SysReg[] FEATURES = {
    SysReg.ID_AA64PFR0_EL1,
    SysReg.ID_AA64ISAR0_EL1,
    SysReg.ID_AA64MMFR0_EL1,
    SysReg.ID_AA64MMFR1_EL1,
    SysReg.ID_AA64DFR0_EL1,
  };

  private static BootOnBoard agilex5(long bootMpidr, String options) {
    return new BootOnBoard("agilex5", bootMpidr, options);
  }

  /** What one guest has read, and where it ran. */
  private static final class Seen {
    final Set<Integer> cpus = new TreeSet<>();
    final Set<List<Long>> ofTheCpu = new HashSet<>();
    final Map<SysReg, Set<Long>> features = new EnumMap<>(SysReg.class);
    int turns;
  }

  /** Guests that read what they can of their CPU, and let others go first. */
  private static final class Guests {
    private final Map<Vcpu, Seen> all = new HashMap<>();

    Seen of(Vcpu vcpu) {
      return all.computeIfAbsent(vcpu, key -> new Seen());
    }

    void loop(TrapFrame first) {
      TrapFrame frame = first;
      while (true) {
        frame = turn(frame);
      }
    }

    /** The vCPU that this CPU has does one thing. */
    TrapFrame turn(TrapFrame frame) {
      Cpu cpu = Cpu.current();
      Vcpu vcpu = cpu.servedVcpu();
      assertEquals(vcpu.frame.address(), frame.address());
      assertTrue((vcpu.candidate.peers() >>> cpu.index & 1) != 0, "a CPU of another class");
      Seen seen = of(vcpu);
      seen.cpus.add(cpu.index);
      SysReg asked = FEATURES[seen.turns / 4 % FEATURES.length];
      seen.turns++;
      return switch (seen.turns % 4) {
        case 0 -> GuestCpu.call(frame, HypercallNumber.SCHED_OP, 0); // yield
        case 1 -> GuestCpu.read(frame, asked);
        case 2 -> {
          // The answer to what it asked, wherever it has been in between.
          seen.features.computeIfAbsent(asked, key -> new HashSet<>()).add(frame.x(5));
          yield spin(frame);
        }
        default -> {
          seen.ofTheCpu.add(untrapped());
          yield spin(frame);
        }
      };
    }

    private static TrapFrame spin(TrapFrame frame) {
      Hint.spin();
      return GuestCpu.interrupted(frame);
    }

    /** MIDR_EL1, which is what VPIDR_EL2 says, and the registers of the caches. */
    private static List<Long> untrapped() {
      List<Long> values = new ArrayList<>();
      values.add(SysReg.VPIDR_EL2.read());
      values.add(SysReg.CTR_EL0.read());
      values.add(SysReg.DCZID_EL0.read());
      values.add(SysReg.CLIDR_EL1.read());
      for (int cache : new int[] {0, 1, 2, 4}) {
        SysReg.CSSELR_EL1.write(cache);
        values.add(SysReg.CCSIDR_EL1.read());
      }
      return values;
    }
  }

  private static Domain domain(DomainBuilder builder) {
    return Objects.requireNonNull(Domains.find(builder.id));
  }

  /** A domain with all its vCPUs started. */
  private static DomainBuilder start(GuestCpu dom0, int vcpus, int hard, int soft) {
    DomainBuilder builder = new DomainBuilder(dom0, vcpus, PAGES, WINDOW);
    builder.build();
    for (int i = 0; i < vcpus; i++) {
      assertEquals(0, builder.pin(i, hard));
      assertEquals(0, builder.prefer(i, soft));
      builder.setContext(i);
    }
    assertEquals(0, builder.unpause());
    return builder;
  }

  @Test
  void noVcpuEverSeesTwoKindsOfCpus() {
    for (long seed = 1; seed <= Long.getLong("ristretto.seeds", 3); seed++) {
      FreshImage.run(FromA55.class, seed);
      FreshImage.run(FromA76.class, seed);
    }
  }

  static final class FromA55 implements LongConsumer {
    @Override
    public void accept(long seed) {
      underLoad(seed, 0x0);
    }
  }

  static final class FromA76 implements LongConsumer {
    @Override
    public void accept(long seed) {
      underLoad(seed, 0x200);
    }
  }

  /** Seven vCPUs on four CPUs, pinned here and there while they run. */
  private static void underLoad(long seed, long bootMpidr) {
    Random random = new Random(seed);
    BootOnBoard boot = agilex5(bootMpidr, OPTIONS);
    Guests guests = new Guests();
    boot.onSecondaryFrame(guests::loop);
    boot.asDom0(dom0 -> {
      assertEquals(4, Cpus.count());
      dom0.sharesCpuWith(guests::turn);
      DomainBuilder[] domains = {
        start(dom0, 3, ALL, ALL), // without a wish: the boot CPU's class
        start(dom0, 3, OTHER_CLASS, ALL),
        start(dom0, 1, ALL, 0b1000),
      };
      int[] classes = {BOOT_CLASS, OTHER_CLASS, OTHER_CLASS};
      waitFor(dom0, guests, domains, 4);
      for (int round = 0; round < 60; round++) {
        int which = random.nextInt(domains.length);
        int vcpu = random.nextInt(domain(domains[which]).vcpuCount);
        int cpus = 1 + random.nextInt(ALL);
        boolean possible = (cpus & classes[which]) != 0;
        assertEquals(possible ? 0 : Errno.EINVAL, domains[which].pin(vcpu, cpus));
        for (int i = random.nextInt(30); i >= 0; i--) {
          dom0.spin();
        }
      }
      for (int i = 0; i < domains.length; i++) {
        for (Vcpu vcpu : domain(domains[i]).vcpus) {
          if (vcpu.id < domain(domains[i]).vcpuCount) {
            assertEquals(0, domains[i].pin(vcpu.id, ALL));
            assertEquals(classes[i], domains[i].pinned(vcpu.id), "what xl vcpu-list shows");
          }
        }
      }
      waitFor(dom0, guests, domains, 40);
      assertTrue(boot.console().contains("has run on a class of CPUs and keeps to those: 2 3"));
      int roamed = 0;
      for (int i = 0; i < domains.length; i++) {
        int size = domain(domains[i]).vcpuCount;
        for (int n = 0; n < size; n++) {
          roamed += check(guests.of(domain(domains[i]).vcpus[n]), classes[i], bootMpidr);
        }
      }
      assertTrue(roamed > 2, roamed + " vCPUs have used both CPUs of their class");
    });
  }

  private static void waitFor(GuestCpu dom0, Guests guests, DomainBuilder[] domains, int turns) {
    for (DomainBuilder builder : domains) {
      Domain domain = domain(builder);
      for (int i = 0; i < domain.vcpuCount; i++) {
        Seen seen = guests.of(domain.vcpus[i]);
        int until = seen.turns + turns;
        while (seen.turns < until) {
          dom0.spin();
        }
      }
    }
  }

  /** 1 if it used both CPUs of its class. */
  private static int check(Seen seen, int expected, long bootMpidr) {
    for (int cpu : seen.cpus) {
      assertTrue((expected >>> cpu & 1) != 0, "CPU " + cpu);
    }
    boolean little = (bootMpidr == 0) == (expected == BOOT_CLASS);
    assertEquals(1, seen.ofTheCpu.size());
    List<Long> view = seen.ofTheCpu.iterator().next();
    assertEquals(little ? 0x412f_d050L : 0x414f_d0b1L, view.getFirst());
    assertEquals(little ? 0x703f_e01aL : 0x703f_e03aL, view.get(6), "level 2 cache");
    for (SysReg register : FEATURES) {
      assertEquals(1, Objects.requireNonNull(seen.features.get(register)).size());
    }
    long pfr0 = Objects.requireNonNull(seen.features.get(SysReg.ID_AA64PFR0_EL1)).iterator().next();
    assertEquals(little ? 0 : 1, pfr0 >>> 56 & 0xf, "CSV2");
    return seen.cpus.size() == 2 ? 1 : 0;
  }

  @Test
  void poolsKeepToClasses() {
    FreshImage.run(InPools.class);
  }

  static final class InPools implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = agilex5(0x0, OPTIONS);
      Guests guests = new Guests();
      boot.onSecondaryFrame(guests::loop);
      boot.asDom0(dom0 -> {
        dom0.sharesCpuWith(guests::turn);
        DomainBuilder[] little = {start(dom0, 1, 0b0010, ALL)};
        DomainBuilder[] big = {start(dom0, 2, OTHER_CLASS, ALL)};
        waitFor(dom0, guests, little, 4);
        waitFor(dom0, guests, big, 4);
        assertEquals(1, Pools.create(1, DomctlScheduler.NULL));
        Pool pool = Objects.requireNonNull(Pools.find(1));
        assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 2));
        assertEquals(Errno.EBUSY, Pools.removeCpu(Pool.FIRST, 3), "the last of its class");
        assertTrue(boot.console().contains("refused: d2v0 has run on a class of CPUs"));
        assertEquals(Errno.OK, Pools.addCpu(pool, 2));
        assertEquals(Errno.EINVAL, Pools.move(domain(little[0]), pool));
        assertTrue(boot.console().contains("refused: d1v0 has run on a class of CPUs"));
        assertEquals(Errno.OK, Pools.move(domain(big[0]), pool));
        assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 3));
        assertEquals(Errno.OK, Pools.addCpu(pool, 3));
        waitFor(dom0, guests, big, 4);
        // A pool of both kinds: each keeps to its own.
        assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 1));
        assertEquals(Errno.OK, Pools.addCpu(pool, 1));
        assertEquals(Errno.OK, Pools.move(domain(little[0]), pool));
        waitFor(dom0, guests, little, 4);
        waitFor(dom0, guests, big, 4);
        check(guests.of(domain(little[0]).vcpus[0]), BOOT_CLASS, 0x0);
        check(guests.of(domain(big[0]).vcpus[0]), OTHER_CLASS, 0x0);
        check(guests.of(domain(big[0]).vcpus[1]), OTHER_CLASS, 0x0);
      });
    }
  }

  @Test
  void aVcpuThatHasNotRunMayStillChange() {
    FreshImage.run(BeforeTheFirstRun.class);
  }

  static final class BeforeTheFirstRun implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = agilex5(0x0, OPTIONS);
      boot.asDom0(dom0 -> {
        DomainBuilder domain = new DomainBuilder(dom0, 2, PAGES, WINDOW);
        domain.build();
        assertEquals(BOOT_CLASS, domain.pinned(0));
        assertEquals(0, domain.pin(0, OTHER_CLASS));
        assertEquals(OTHER_CLASS, domain.pinned(0));
        assertEquals(0, domain.pin(0, 0b0110));
        assertEquals(0b0010, domain.pinned(0), "the first CPU's class");
        assertEquals(0, domain.prefer(0, 0b1000));
        assertEquals(0b0010, domain.pinned(0), "it may not run where it would best");
        assertEquals(0, domain.pin(0, ALL));
        assertEquals(OTHER_CLASS, domain.pinned(0), "and now it may");
        assertEquals(BOOT_CLASS, domain.pinned(1));
      });
    }
  }

  @Test
  void hmpUnsafeIsXens() {
    FreshImage.run(Unsafe.class);
  }

  /** A vCPU goes everywhere, reads the MIDR of where it is, and is offered what all have. */
  static final class Unsafe implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = agilex5(0x0, OPTIONS + " hmp-unsafe=true");
      Guests guests = new Guests();
      boot.onSecondaryFrame(guests::loop);
      boot.asDom0(dom0 -> {
        dom0.sharesCpuWith(guests::turn);
        DomainBuilder[] roamer = {start(dom0, 1, ALL, ALL)};
        for (int cpu = 1; cpu < 4; cpu++) {
          assertEquals(0, roamer[0].pin(0, 1 << cpu));
          waitFor(dom0, guests, roamer, 24);
        }
        assertEquals(0, roamer[0].pin(0, ALL));
        assertEquals(ALL, roamer[0].pinned(0));
        Seen seen = guests.of(domain(roamer[0]).vcpus[0]);
        assertTrue(seen.cpus.containsAll(Set.of(1, 2, 3)));
        assertEquals(2, seen.ofTheCpu.size());
        // EL0, EL1, FP, AdvSIMD, GIC; CSV2 and CSV3 are the A76's alone.
        assertEquals(Set.of(0x111_0012L), seen.features.get(SysReg.ID_AA64PFR0_EL1));
        assertTrue(boot.console().contains("hmp-unsafe: vCPUs change between classes"));
      });
    }
  }

  @Test
  void xlInfoShowsTheClassesAsSockets() {
    FreshImage.run(Topology.class);
  }

  static final class Topology implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = agilex5(0x200, OPTIONS);
      boot.asDom0(dom0 -> {
        for (int i = 0; i < 256; i += 8) {
          dom0.store(PAGES + i, 8, 0);
        }
        dom0.store(PAGES + Sysctl.CMD, 4, SysctlCommand.CPU_TOPOLOGY);
        dom0.store(PAGES + Sysctl.INTERFACE_VERSION, 4, Sysctl.VERSION_4_17);
        dom0.store(PAGES + Sysctl.PAYLOAD + CpuTopology.NUM_CPUS, 4, 4);
        dom0.store(PAGES + Sysctl.PAYLOAD + CpuTopology.CPUTOPO, 8, PAGES + 0x1000);
        assertEquals(0, dom0.hypercall(HypercallNumber.SYSCTL, PAGES));
        long[] sockets =
            IntStream.range(0, 4)
                .mapToLong(i ->
                    dom0.load(PAGES + 0x1000 + (long) i * CpuPlace.SIZEOF + CpuPlace.SOCKET, 4))
                .toArray();
        assertArrayEquals(new long[] {0, 0, 1, 1}, sockets);
        String console = boot.console();
        assertTrue(console.contains("class 0: MIDR 0x414fd0b1, CPUs 0 1"), console);
        assertTrue(console.contains("class 1: MIDR 0x412fd050, CPUs 2 3"), console);
      });
    }
  }

  @Test
  void dom0IsOnTheBootClassOrWhereItIsPinned() {
    FreshImage.run(Dom0Default.class);
    FreshImage.run(Dom0OnAll.class);
  }

  private static String[] cpusOfDom0(String options) {
    List<String> names = new ArrayList<>();
    BootOnBoard boot = agilex5(0x0, "console=dtuart dtuart=serial0 dom0_mem=512M " + options);
    boot.asDom0(dom0 -> {
      DeviceTree tree = boot.treeAt(dom0.frame().x(0));
      for (Node node : tree.node("/cpus").children) {
        names.add(node.string("compatible"));
      }
      Domain domain = Objects.requireNonNull(Domains.find(0));
      for (int i = 0; i < names.size(); i++) {
        boolean little = names.get(i).equals("arm,cortex-a55");
        assertEquals(
            little ? BOOT_CLASS : OTHER_CLASS, domain.vcpus[i].candidate.peers(), names.get(i));
      }
      assertEquals(names.size(), domain.vcpuCount);
    });
    return names.toArray(new String[0]);
  }

  static final class Dom0Default implements Runnable {
    @Override
    public void run() {
      assertArrayEquals(new String[] {"arm,cortex-a55", "arm,cortex-a55"}, cpusOfDom0(""));
    }
  }

  static final class Dom0OnAll implements Runnable {
    @Override
    public void run() {
      assertArrayEquals(
          new String[] {"arm,cortex-a55", "arm,cortex-a55", "arm,cortex-a76", "arm,cortex-a76"},
          cpusOfDom0("dom0_max_vcpus=4 dom0_vcpus_pin"));
    }
  }
}
