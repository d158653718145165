package ristretto.core.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.DomainId;
import ristretto.abi.Gnttabop.Copy;
import ristretto.abi.Gnttabop.MapGrantRef;
import ristretto.abi.Gnttabop.Status;
import ristretto.abi.Gnttabop.UnmapGrantRef;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.machine.Memory;
import ristretto.sim.Switching;

/**
 * Several CPUs at the same grants, switched at every few intrinsics by a seed: whatever happens in
 * which order, no fault, no lock left, no reference, mark or mapping left at the end.
 */
class GrantInterleavingTest {
  private static final long HOLE = 0x70000;
  private static final int REFS = 3;
  private static final int GRANTER = 5;

  private final Domain[] domains = new Domain[3];
  private long overhead;

  private EventMachine start(long seed) {
    EventMachine m = new EventMachine(3);
    m.machine.schedule(Switching.RANDOM, seed).stepLimit(6_000_000);
    m.machine.run(() -> {
      m.start();
      domains[0] = m.domain(0, true, 2);
      domains[1] = m.domain(GRANTER, false, 1);
      domains[2] = m.domain(6, false, 1);
      for (int ref = 0; ref < REFS; ref++) {
        Granted.page(domains[1], ref, 0, 30, false);
      }
      overhead = domains[0].memory.overhead();
    });
    return m;
  }

  /**
   * XSA-218, XSA-228: two CPUs of one domain map and unmap; each handle has one owner at a time.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void twoCpusAtTheSameHandles(long seed) {
    EventMachine m = start(seed);
    List<Integer> shared = new ArrayList<>();
    m.machine.runAll(
        () -> mapAndUnmap(0, shared, new Random(seed)),
        () -> mapAndUnmap(1, shared, new Random(seed + 50)),
        () -> copy(2, new Random(seed + 99)));
    finish(m, true);
  }

  /**
   * XSA-236, XSA-500: the granting domain changes its entries and gives its page back meanwhile.
   */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void theGranterChangesItsMind(long seed) {
    EventMachine m = start(seed);
    List<Integer> shared = new ArrayList<>();
    m.machine.runAll(
        () -> mapAndUnmap(0, shared, new Random(seed)),
        () -> mapAndUnmap(1, shared, new Random(seed + 50)),
        () -> changeMind(2, new Random(seed + 99)));
    finish(m, true);
  }

  /** The granting domain dies meanwhile: its pages and its table stay until they are unmapped. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void theGranterDies(long seed) {
    EventMachine m = start(seed);
    List<Integer> shared = new ArrayList<>();
    long[] before = new long[1];
    m.machine.run(() -> before[0] = domains[1].memory.overhead());
    m.machine.runAll(
        () -> mapAndUnmap(0, shared, new Random(seed)),
        () -> mapAndUnmap(1, shared, new Random(seed + 50)),
        () -> {
          Cpu cpu = EventMachine.enterCpu(2);
          while (!domains[1].grants.teardown(1)) {}
          assertEquals(0, HeldLocks.count(cpu));
        });
    finish(m, false);
    m.machine.run(() -> {
      EventMachine.enterCpu(0);
      assertEquals(before[0] - 3, domains[1].memory.overhead(), "table and uses are gone");
    });
  }

  private void mapAndUnmap(int index, List<Integer> handles, Random random) {
    Cpu cpu = EventMachine.enterCpu(index);
    long element = element(index);
    for (int i = 0; i < 60; i++) {
      Integer handle = null;
      synchronized (handles) {
        if (!handles.isEmpty() && random.nextBoolean()) {
          handle = handles.get(random.nextInt(handles.size())); // the other CPU may take it too
        }
      }
      if (handle == null) {
        int made = map(element, random.nextInt(REFS), HOLE + random.nextInt(8), random);
        synchronized (handles) {
          if (made >= 0) {
            handles.add(made);
          }
        }
      } else if (unmap(element, handle) == Status.OKAY) {
        synchronized (handles) {
          assertTrue(handles.remove(/* element */ handle), "unmapped twice");
        }
      }
    }
    assertEquals(0, HeldLocks.count(cpu));
  }

  private static long element(int index) {
    return EventMachine.RAM + (1L << 20) + 4096L * index;
  }

  private int map(long element, int ref, long gfn, Random random) {
    Memory.store64(element, gfn << Frames.SHIFT);
    Memory.store32(element + MapGrantRef.FLAGS, random.nextBoolean() ? 2 : 6);
    Memory.store32(element + MapGrantRef.REF, ref);
    Memory.store16(element + MapGrantRef.DOM, GRANTER);
    GrantMapping.map(domains[0].vcpus[0], new MapGrantRef(element));
    int status = (short) Memory.load16(element + MapGrantRef.STATUS);
    return status == Status.OKAY ? Memory.load32(element + MapGrantRef.HANDLE) : status;
  }

  private int unmap(long element, int handle) {
    Mapping mapping = domains[0].grants.maptrack.at(handle);
    Memory.store64(element, mapping.gfn() << Frames.SHIFT);
    Memory.store64(element + UnmapGrantRef.DEV_BUS_ADDR, 0);
    Memory.store32(element + UnmapGrantRef.HANDLE, handle);
    GrantMapping.unmap(domains[0], element, 1, element + 1024);
    return (short) Memory.load16(element + UnmapGrantRef.STATUS);
  }

  private void copy(int index, Random random) {
    Cpu cpu = EventMachine.enterCpu(index);
    long element = element(index);
    for (int i = 0; i < 40; i++) {
      Memory.store64(element, random.nextInt(REFS));
      Memory.store16(element + Copy.SOURCE_DOMID, GRANTER);
      Memory.store16(element + Copy.SOURCE_OFFSET, 0);
      Memory.store64(element + Copy.DEST_FRAME, EventMachine.gfn(40));
      Memory.store16(element + Copy.DEST_DOMID, DomainId.SELF);
      Memory.store16(element + Copy.DEST_OFFSET, 0);
      Memory.store16(element + Copy.LEN, 16);
      Memory.store16(element + Copy.FLAGS, 1);
      GrantCopy.copy(domains[0].vcpus[1], new Copy(element));
      assertEquals(Status.OKAY, (short) Memory.load16(element + Copy.STATUS));
    }
    assertEquals(0, HeldLocks.count(cpu));
  }

  private void changeMind(int index, Random random) {
    Cpu cpu = EventMachine.enterCpu(index);
    for (int i = 0; i < 120; i++) {
      int ref = random.nextInt(REFS);
      switch (random.nextInt(8)) {
        case 0 -> Granted.entry(domains[1], ref, 0, 0, 0);
        case 1 -> Granted.page(domains[1], ref, 6, 31, false);
        case 2 -> Granted.entry(domains[1], ref, 0xffff, 0xffff, 0xffff_ffffL);
        case 3 -> domains[1].p2m.discard(EventMachine.gfn(30 + random.nextInt(3)), 0);
        default -> Granted.page(domains[1], ref, 0, 30 + random.nextInt(3), random.nextBoolean());
      }
    }
    assertEquals(0, HeldLocks.count(cpu));
  }

  /** Unmaps what is left, as the end of the mapping domain does. */
  private void finish(EventMachine m, boolean tableIsThere) {
    m.machine.run(() -> {
      EventMachine.enterCpu(0);
      for (long gfn = HOLE; gfn < HOLE + 8; gfn++) {
        int type = domains[0].p2m.lookup(gfn).type();
        assertTrue(type == 0 || type == P2mType.GRANT_RW || type == P2mType.GRANT_RO);
      }
      while (!domains[0].grants.teardown(7)) {}
      for (long gfn = HOLE; gfn < HOLE + 8; gfn++) {
        assertEquals(false, domains[0].p2m.lookup(gfn).isValid());
      }
      assertEquals(overhead - 3, domains[0].memory.overhead(), "its own table; nothing else");
      for (int page = 30; page < 33; page++) {
        long address = EventMachine.page(domains[1], page);
        if (address != 0) {
          assertEquals(0, Frames.references(address >>> Frames.SHIFT));
        }
      }
      if (tableIsThere) {
        assertTrue(domains[1].grants.uses.areNone());
      }
    });
  }
}
