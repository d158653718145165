package ristretto.core.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Errno;
import ristretto.arch.Stage2Descriptor;
import ristretto.arch.VttbrEl2;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.SysReg;
import ristretto.sim.Maintained;
import ristretto.sim.SimulatedMachine;

class P2mTest {
  private static final long MIB = 1 << 20;
  private static final long RAM = 0x4000_0000L;
  private static final int ORDER_2M = 9;
  private static final int ORDER_1G = 18;

  private final SimulatedMachine machine = new SimulatedMachine().ram(RAM, 8 * MIB);

  /** Runs a test with a domain's stage 2. */
  private void with(java.util.function.Consumer<P2m> body) {
    machine.run(() -> {
      FrameSetup setup = new FrameSetup();
      setup.addBank(RAM, 8 * MIB);
      assertTrue(setup.start());
      P2m p2m = new P2m(Frames.newAccount());
      assertEquals(Errno.OK, p2m.open());
      body.accept(p2m);
      while (!p2m.teardown((gfn, mfn, order, type) -> {}, 100)) {}
      long vttbr = p2m.vttbr();
      p2m.close();
      assertFalse(Vmids.isUsed(vttbr));
      assertTrue(p2m.account().isEmpty(), "tables are left");
      assertEquals(Frames.totalCount(), Frames.freeCount());
    });
  }

  private static long mfn(P2m p2m, long gfn) {
    Stage2Descriptor found = p2m.lookup(gfn);
    return found.isValid() ? found.address() >>> Frames.SHIFT : -1;
  }

  @Test
  void mapsBlocksWhereBothSidesAreAligned() {
    with(p2m -> {
      assertEquals(Errno.OK, p2m.map(1L << 18, 3L << 18, ORDER_1G, P2mType.RAM_RW));
      assertEquals((3L << 18) + 12345, mfn(p2m, (1L << 18) + 12345));
      assertEquals(2, p2m.account().tables(), "no table for a block of the first level");
      assertEquals(Errno.OK, p2m.map(512, 1024, ORDER_2M, P2mType.RAM_RW));
      assertEquals(3, p2m.account().tables());
      assertEquals(Errno.OK, p2m.map(1024, 7, ORDER_2M, P2mType.RAM_RW));
      assertEquals(4, p2m.account().tables(), "odd frames need pages");
      assertEquals(7 + 511, mfn(p2m, 1024 + 511));
      assertEquals(-1, mfn(p2m, 1024 + 512));
      assertEquals((2L << 18) - 1, p2m.highestGfn());
    });
  }

  /** Who frees a block's frames may have as many pieces to free as it has frames. */
  @Test
  void aLargeBlockIsTornDownInParts() {
    with(p2m -> {
      assertEquals(Errno.OK, p2m.map(1L << 18, 3L << 18, ORDER_1G, P2mType.RAM_RW));
      List<Long> parts = new ArrayList<>();
      int steps = 1;
      while (!p2m.teardown(
          (gfn, mfn, order, type) -> {
            assertEquals(ORDER_2M, order);
            assertEquals(gfn + (2L << 18), mfn);
            parts.add(gfn);
          },
          100)) {
        assertTrue(parts.size() <= 100 * steps);
        steps++;
      }
      assertEquals(512, parts.size());
      assertEquals(1L << 18, parts.getFirst());
      assertEquals((2L << 18) - 512, parts.getLast());
    });
  }

  @Test
  void givesEachTypeItsRights() {
    with(p2m -> {
      assertEquals(Errno.OK, p2m.map(0, 100, 0, P2mType.RAM_RW));
      assertEquals(Errno.OK, p2m.map(1, 101, 0, P2mType.GRANT_RO));
      assertEquals(Errno.OK, p2m.mapDevice(0x2000, 0x900_0000, 0x1000));
      assertTrue(p2m.resolves(0, true, true));
      assertTrue(p2m.resolves(0x1000, false, false));
      assertFalse(p2m.resolves(0x1000, true, false));
      assertFalse(p2m.resolves(0x1000, false, true));
      assertFalse(p2m.resolves(0x2000, false, true));
      assertFalse(p2m.resolves(0x3000, false, false));
      assertTrue(p2m.isRam(0xfff));
      assertFalse(p2m.isRam(0x2000));
    });
  }

  @Test
  void refusesWhatIsMappedOrOutOfRange() {
    with(p2m -> {
      long limit = p2m.gfnLimit();
      assertEquals(1L << 28, limit);
      assertEquals(Errno.EINVAL, p2m.map(limit, 0, 0, P2mType.RAM_RW));
      assertEquals(Errno.EINVAL, p2m.map(limit - 1, 0, 1, P2mType.RAM_RW));
      assertEquals(Errno.EINVAL, p2m.map(-1, 0, 0, P2mType.RAM_RW));
      assertEquals(Errno.EINVAL, p2m.map(0, 0, 19, P2mType.RAM_RW));
      assertEquals(Errno.EINVAL, p2m.map(0, 0, 0, 0));
      assertEquals(Errno.EINVAL, p2m.unmap(limit, 0));
      assertEquals(Errno.EINVAL, p2m.mapDevice(0x800, 0, 0x1000));
      assertEquals(Errno.OK, p2m.map(3, 100, 0, P2mType.RAM_RW));
      assertEquals(Errno.EEXIST, p2m.map(0, 200, 2, P2mType.RAM_RW));
      assertEquals(-1, mfn(p2m, 0), "the part that was done is undone");
      assertEquals(100, mfn(p2m, 3));
      assertEquals(Errno.OK, p2m.map(limit - 1, 5, 0, P2mType.RAM_RW));
    });
  }

  @Test
  void cutsABlockInTheArchitectedOrder() {
    with(p2m -> {
      assertEquals(Errno.OK, p2m.map(512, 1024, ORDER_2M, P2mType.RAM_RW));
      machine.forgetMaintenance();
      assertEquals(Errno.OK, p2m.unmap(513, 0));
      assertEquals(1024, mfn(p2m, 512));
      assertEquals(-1, mfn(p2m, 513));
      assertEquals(1026, mfn(p2m, 514));
      List<Maintenance> once =
          List.of(
              Maintenance.DSB_ISHST,
              Maintenance.TLBI_IPAS2E1IS,
              Maintenance.DSB_ISH,
              Maintenance.TLBI_VMALLE1IS,
              Maintenance.DSB_ISH);
      List<Maintenance> seen =
          machine.maintenanceOperations().stream()
              .filter(m -> m != Maintenance.ISB)
              .filter(m -> m != Maintenance.DC_CVAC) // of the free block that becomes the table
              .toList();
      List<Maintenance> expected = new ArrayList<>(once);
      expected.add(Maintenance.DSB_ISHST);
      expected.addAll(once);
      assertEquals(expected, seen);
    });
  }

  @Test
  void leavesTheLoadedGuestAsItWas() {
    with(p2m -> {
      SysReg.VTTBR_EL2.write(0x5555);
      SysReg.TCR_EL1.write(0x35);
      SysReg.SCTLR_EL1.write(0x30);
      List<Long> loaded = new ArrayList<>();
      machine.cpu(0).onWrite(SysReg.VTTBR_EL2, loaded::add);
      assertEquals(Errno.OK, p2m.map(1, 1, 0, P2mType.RAM_RW));
      assertEquals(Errno.OK, p2m.unmap(1, 0));
      assertEquals(List.of(p2m.vttbr(), 0x5555L), loaded);
      assertEquals(0x35, SysReg.TCR_EL1.read());
      assertEquals(0x30, SysReg.SCTLR_EL1.read());
    });
  }

  @Test
  void reportsThatThereIsNoMemoryForATable() {
    with(p2m -> {
      MemoryAccount account = p2m.account();
      assertEquals(Errno.OK, p2m.map(512, 1024, ORDER_2M, P2mType.RAM_RW));
      account.setTableLimit(account.tables());
      assertEquals(Errno.ENOMEM, p2m.unmap(600, 0));
      assertEquals(1024 + 88, mfn(p2m, 600));
      assertEquals(Errno.ENOMEM, p2m.map(0, 0, 0, P2mType.RAM_RW));
      account.setTableLimit(account.tables() + 1);
      assertEquals(Errno.ENOMEM, p2m.map(1L << 18, 0, 0, P2mType.RAM_RW));
      assertEquals(3, account.tables(), "the first of two tables is given back");
      assertEquals(Errno.OK, p2m.unmap(600, 0));
    });
  }

  @Test
  void pinsMemoryThatItsOwnerThenGivesBack() {
    with(p2m -> {
      long frame = Frames.allocate(0, p2m.account(), FrameType.RAM);
      assertEquals(Errno.OK, p2m.map(7, frame, 0, P2mType.RAM_RW));
      long address = p2m.pin(7);
      assertEquals(frame << Frames.SHIFT, address);
      assertEquals(0, p2m.pin(8));
      assertEquals(Errno.OK, p2m.unmap(7, 0));
      Frames.free(frame, 0);
      assertEquals(1, p2m.account().memory());
      p2m.unpin(address);
      assertEquals(0, p2m.account().memory());
    });
  }

  @Test
  void discardsWhatTheDomainHolds() {
    with(p2m -> {
      MemoryAccount owner = Frames.newAccount();
      long block = Frames.allocate(9, p2m.account(), FrameType.RAM);
      long foreign = Frames.allocate(0, owner, FrameType.RAM);
      assertTrue(Frames.reference(foreign, owner));
      assertEquals(Errno.OK, p2m.map(512, block, 9, P2mType.RAM_RW));
      assertEquals(Errno.OK, p2m.map(1024, foreign, 0, P2mType.FOREIGN));
      assertEquals(Errno.OK, p2m.map(1026, foreign, 0, P2mType.GRANT_RO));
      assertEquals(Errno.OK, p2m.discard(512 + 3, 0));
      assertEquals(511, p2m.account().memory());
      assertEquals(Errno.EBUSY, p2m.discard(0, 11));
      assertEquals(511, p2m.account().memory());
      assertEquals(Errno.OK, p2m.unmap(1026, 0));
      assertEquals(Errno.OK, p2m.discard(0, 11));
      assertEquals(0, p2m.account().memory());
      assertEquals(0, Frames.references(foreign));
      Frames.free(foreign, 0);
    });
  }

  /**
   * Dom0 sees others' pages in places of its own memory, for which its blocks are cut: one table
   * for each, however often that happens, and none for a place that held nothing before.
   */
  @Test
  void aBlockThatPagesCameAndWentInCostsOneTable() {
    with(p2m -> {
      p2m.setDirectMapped();
      assertEquals(Errno.OK, p2m.map(512, 512, ORDER_2M, P2mType.RAM_RW));
      long before = p2m.account().tables();
      for (int times = 0; times < 3; times++) {
        for (long gfn = 512; gfn < 1024; gfn += 7) {
          assertEquals(Errno.OK, p2m.discard(gfn, 0));
          assertEquals(Errno.OK, p2m.map(gfn, 1000 + gfn, 0, P2mType.GRANT_RW));
        }
        for (long gfn = 512; gfn < 1024; gfn += 7) {
          assertTrue(p2m.withdraw(gfn, 1000 + gfn, P2mType.GRANT_RW));
          assertEquals(Errno.OK, p2m.map(gfn, gfn, 0, P2mType.RAM_RW));
        }
        assertEquals(before + 1, p2m.account().tables());
      }
      assertEquals(Errno.OK, p2m.map(1L << 19, 1000, 0, P2mType.GRANT_RW));
      assertEquals(before + 3, p2m.account().tables());
      assertTrue(p2m.withdraw(1L << 19, 1000, P2mType.GRANT_RW));
      assertEquals(before + 1, p2m.account().tables());
    });
  }

  @Test
  void usesDifferentVmids() {
    with(p2m -> {
      P2m other = new P2m(Frames.newAccount());
      assertEquals(Errno.OK, other.open());
      assertTrue(new VttbrEl2(other.vttbr()).vmid() != new VttbrEl2(p2m.vttbr()).vmid());
      assertTrue(other.teardown((gfn, mfn, order, type) -> {}, 10));
      other.close();
    });
  }

  /** Random operations against a plain map, with a TLB that forgets only what it is told to. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithAPlainModel(long seed) {
    with(p2m -> new Model(p2m, new Random(seed)).run(400));
  }

  private record Cached(long gfn, int order, long bits) {}

  private final class Model {
    private final P2m p2m;
    private final Random random;
    private final Map<Long, Long> pages = new HashMap<>();
    private final List<Cached> tlb = new ArrayList<>();

    Model(P2m p2m, Random random) {
      this.p2m = p2m;
      this.random = random;
    }

    void run(int steps) {
      machine.forgetMaintenance();
      for (int i = 0; i < steps; i++) {
        long gfn = randomGfn();
        int order = random.nextInt(11);
        if (random.nextInt(3) < 2) {
          map(gfn & -(1L << order), order);
        } else {
          unmap(gfn & -(1L << order), order);
        }
        checkTlb();
        for (int access = 0; access < 20; access++) {
          access(randomGfn());
        }
      }
      Map<Long, Long> removed = new HashMap<>();
      while (!p2m.teardown((g, m, o, t) -> put(removed, g, m, o), 64)) {}
      assertEquals(pages, removed);
    }

    private long randomGfn() {
      return (random.nextBoolean() ? 1L << 18 : 0) + random.nextInt(4096);
    }

    private static void put(Map<Long, Long> map, long gfn, long mfn, int order) {
      for (long i = 0; i < 1L << order; i++) {
        map.put(gfn + i, mfn + i);
      }
    }

    private void map(long gfn, int order) {
      long mfn = random.nextInt(1 << 20) & -(1L << random.nextInt(order + 1));
      boolean occupied = false;
      for (long i = 0; i < 1L << order; i++) {
        occupied |= pages.containsKey(gfn + i);
      }
      long result = p2m.map(gfn, mfn, order, P2mType.RAM_RW);
      assertEquals(occupied ? Errno.EEXIST : Errno.OK, result);
      if (!occupied) {
        put(pages, gfn, mfn, order);
      }
    }

    private void unmap(long gfn, int order) {
      assertEquals(Errno.OK, p2m.unmap(gfn, order));
      for (long i = 0; i < 1L << order; i++) {
        pages.remove(gfn + i);
      }
    }

    /** What the TLBs still know must be what the tables say. */
    private void checkTlb() {
      for (Maintained done : machine.maintenance()) {
        switch (done.operation()) {
          case TLBI_IPAS2E1IS -> tlb.removeIf(c -> c.gfn == (done.argument() & -(1L << c.order)));
          case TLBI_VMALLS12E1IS -> tlb.clear();
          default -> {}
        }
      }
      machine.forgetMaintenance();
      for (Cached cached : tlb) {
        assertEquals(cached.bits, p2m.lookup(cached.gfn).bits(), "stale entry of " + cached);
      }
    }

    /** A guest touches a page: the model must agree, and the TLB learns a page or a block. */
    private void access(long gfn) {
      Stage2Descriptor found = p2m.lookup(gfn);
      assertEquals(pages.containsKey(gfn), found.isValid());
      if (found.isValid()) {
        assertEquals(pages.get(gfn), found.address() >>> Frames.SHIFT);
        int order = found.isTable() ? 0 : ORDER_2M;
        long first = gfn & -(1L << order);
        tlb.add(new Cached(first, order, p2m.lookup(first).bits()));
      }
    }
  }
}
