package ristretto.core.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Gnttabop.Copy;
import ristretto.abi.Gnttabop.MapGrantRef;
import ristretto.abi.Gnttabop.Status;
import ristretto.abi.Gnttabop.UnmapGrantRef;
import ristretto.arch.Stage2Descriptor;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.machine.Memory;

/**
 * Random sequences of granting, mapping, unmapping and copying among three domains, against a plain
 * model: every status is the expected one, after every step each page has as many references as
 * grants of it are in use, and each stage 2 entry is one that some handle stands for.
 */
class GrantPropertyTest {
  private static final long HOLE = 0x70000;
  private static final int SLOTS = 12;
  private static final int REFS = 6;
  private static final int PAGES = 4;
  private static final int FIRST_PAGE = 30;
  private static final long ELEMENT = EventMachine.RAM + (1L << 20);
  private static final int HOST = 2;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithAPlainModel(long seed) {
    new EventMachine(1)
        .run(m -> {
          Domain[] domains = {m.domain(0, true, 1), m.domain(5, false, 1), m.domain(6, false, 1)};
          new Model(domains, new Random(seed)).run(1500);
        });
  }

  /** What a domain wrote into an entry. */
  private record Entry(boolean permits, int grantee, boolean readOnly, int page) {}

  private static final class Use {
    int grantee;
    int page;
    int count;
  }

  private record Handle(
      int mapper, int number, int granter, int ref, boolean write, long gfn, int parts) {}

  private static final class Model {
    private final Domain[] domains;
    private final Random random;
    private final Entry[][] entries = new Entry[3][REFS];
    private final Use[][] uses = new Use[3][REFS];
    private final List<Handle> handles = new ArrayList<>();
    private final List<Handle> old = new ArrayList<>();

    Model(Domain[] domains, Random random) {
      this.domains = domains;
      this.random = random;
      for (int d = 0; d < 3; d++) {
        for (int r = 0; r < REFS; r++) {
          uses[d][r] = new Use();
          rewrite(d, r);
        }
      }
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(8)) {
          case 0 -> rewrite(random.nextInt(3), random.nextInt(REFS));
          case 1, 2, 3 -> map();
          case 4, 5 -> unmap();
          case 6 -> copy();
          default -> unmapStale();
        }
        check();
      }
      while (!handles.isEmpty()) {
        unmap();
      }
      check();
      for (int d = 0; d < 3; d++) {
        for (int r = 0; r < REFS; r++) {
          assertEquals(0, Granted.flags(domains[d], 8 + r) & 0x18, "a mark is left");
        }
      }
    }

    private void rewrite(int granter, int ref) {
      Entry entry =
          new Entry(
              random.nextInt(8) != 0,
              random.nextInt(3),
              random.nextInt(3) == 0,
              FIRST_PAGE + random.nextInt(PAGES));
      entries[granter][ref] = entry;
      int flags = (entry.permits() ? 1 : 0) | (entry.readOnly() ? 4 : 0);
      long gfn = EventMachine.gfn(entry.page());
      int grantee = domains[entry.grantee()].id;
      Granted.entry(domains[granter], 8 + ref, flags, grantee, gfn);
    }

    private int expected(int user, int granter, int ref, boolean write) {
      Entry entry = entries[granter][ref];
      Use use = uses[granter][ref];
      boolean other = use.count != 0 && use.grantee != user;
      boolean granted = entry.permits() && entry.grantee() == user;
      return other || !granted || (write && entry.readOnly()) ? Status.GENERAL_ERROR : Status.OKAY;
    }

    private void map() {
      int mapper = random.nextInt(3);
      int granter = random.nextInt(3);
      int ref = random.nextInt(REFS);
      boolean write = random.nextBoolean();
      int parts = 1 + random.nextInt(3);
      long gfn = HOLE + random.nextInt(SLOTS);
      Memory.store64(ELEMENT, gfn << Frames.SHIFT);
      Memory.store32(ELEMENT + MapGrantRef.FLAGS, parts | (write ? 0 : 4));
      Memory.store32(ELEMENT + MapGrantRef.REF, 8 + ref);
      Memory.store16(ELEMENT + MapGrantRef.DOM, domains[granter].id);
      GrantMapping.map(domains[mapper].vcpus[0], new MapGrantRef(ELEMENT));
      int status = expected(mapper, granter, ref, write);
      if (status == Status.OKAY && (parts & HOST) != 0 && handleAt(mapper, gfn) != null) {
        status = Status.GENERAL_ERROR;
      }
      assertEquals(status, (short) Memory.load16(ELEMENT + MapGrantRef.STATUS));
      if (status == Status.OKAY) {
        begin(mapper, granter, ref);
        int number = Memory.load32(ELEMENT + MapGrantRef.HANDLE);
        for (Handle stale : old) {
          assertFalse(stale.mapper() == mapper && stale.number() == number, "an old handle");
        }
        handles.add(new Handle(mapper, number, granter, ref, write, gfn, parts));
      }
    }

    private @Nullable Handle handleAt(int mapper, long gfn) {
      for (Handle h : handles) {
        if (h.mapper() == mapper && h.gfn() == gfn && (h.parts() & HOST) != 0) {
          return h;
        }
      }
      return null;
    }

    private void begin(int user, int granter, int ref) {
      Use use = uses[granter][ref];
      if (use.count == 0) {
        use.grantee = user;
        use.page = entries[granter][ref].page();
      }
      use.count++;
    }

    private void unmap() {
      if (handles.isEmpty()) {
        return;
      }
      Handle handle = handles.remove(random.nextInt(handles.size()));
      int parts = 1 + random.nextInt(3);
      assertEquals(Status.OKAY, unmap(handle, parts));
      int left = handle.parts() & ~parts;
      if (left != 0) {
        handles.add(
            new Handle(
                handle.mapper(),
                handle.number(),
                handle.granter(),
                handle.ref(),
                handle.write(),
                handle.gfn(),
                left));
      } else {
        uses[handle.granter()][handle.ref()].count--;
        old.add(handle);
      }
    }

    private void unmapStale() {
      if (!old.isEmpty()) {
        assertEquals(Status.BAD_HANDLE, unmap(old.get(random.nextInt(old.size())), 3));
      }
    }

    private int unmap(Handle handle, int parts) {
      Memory.store64(ELEMENT, (parts & HOST) != 0 ? handle.gfn() << Frames.SHIFT : 0);
      Memory.store64(ELEMENT + UnmapGrantRef.DEV_BUS_ADDR, parts & 1);
      Memory.store32(ELEMENT + UnmapGrantRef.HANDLE, handle.number());
      GrantMapping.unmap(domains[handle.mapper()], ELEMENT, 1, ELEMENT + 1024);
      return (short) Memory.load16(ELEMENT + UnmapGrantRef.STATUS);
    }

    /** From one grant into another, which may be the same page. */
    private void copy() {
      int user = random.nextInt(3);
      int source = random.nextInt(3);
      int sourceRef = random.nextInt(REFS);
      int target = random.nextInt(3);
      int targetRef = random.nextInt(REFS);
      Memory.store64(ELEMENT, 8 + sourceRef);
      Memory.store16(ELEMENT + Copy.SOURCE_DOMID, domains[source].id);
      Memory.store16(ELEMENT + Copy.SOURCE_OFFSET, 64);
      Memory.store64(ELEMENT + Copy.DEST_FRAME, 8 + targetRef);
      Memory.store16(ELEMENT + Copy.DEST_DOMID, domains[target].id);
      Memory.store16(ELEMENT + Copy.DEST_OFFSET, 512);
      Memory.store16(ELEMENT + Copy.LEN, 8);
      Memory.store16(ELEMENT + Copy.FLAGS, 3);
      long value = random.nextLong();
      int status = expected(user, source, sourceRef, false);
      if (status == Status.OKAY) {
        Memory.store64(pageOf(source, sourceRef) + 64, value);
        status = expected(user, target, targetRef, true);
      }
      GrantCopy.copy(domains[user].vcpus[0], new Copy(ELEMENT));
      assertEquals(status, (short) Memory.load16(ELEMENT + Copy.STATUS));
      if (status == Status.OKAY) {
        assertEquals(value, Memory.load64(pageOf(target, targetRef) + 512));
      }
    }

    /** The page in use, or else the one that the entry names. */
    private long pageOf(int granter, int ref) {
      Use use = uses[granter][ref];
      int page = use.count != 0 ? use.page : entries[granter][ref].page();
      return EventMachine.page(domains[granter], page);
    }

    private void check() {
      Map<Long, Integer> expected = new HashMap<>();
      for (int d = 0; d < 3; d++) {
        for (int r = 0; r < REFS; r++) {
          if (uses[d][r].count != 0) {
            expected.merge(EventMachine.page(domains[d], uses[d][r].page), 1, Integer::sum);
          }
        }
      }
      for (int d = 0; d < 3; d++) {
        for (int page = FIRST_PAGE; page < FIRST_PAGE + PAGES; page++) {
          long address = EventMachine.page(domains[d], page);
          int references = expected.getOrDefault(address, 0);
          assertEquals(references, Frames.references(address >>> Frames.SHIFT));
        }
        for (long gfn = HOLE; gfn < HOLE + SLOTS; gfn++) {
          Handle handle = handleAt(d, gfn);
          Stage2Descriptor found = domains[d].p2m.lookup(gfn);
          assertEquals(handle != null, found.isValid());
          if (handle != null) {
            assertEquals(pageOf(handle.granter(), handle.ref()), found.address());
            assertEquals(handle.write() ? P2mType.GRANT_RW : P2mType.GRANT_RO, found.type());
          }
        }
      }
    }
  }
}
