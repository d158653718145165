package ristretto.core.grant;

import static ristretto.fuzz.Check.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ristretto.abi.Gnttabop.EntryWord;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAudit;
import ristretto.core.mm.MemoryAudit.Leaf;
import ristretto.core.mm.P2mType;
import ristretto.fuzz.Fields;
import ristretto.lang.Bits;

/**
 * Grants in use against handles and stage 2: each use of a grant is a handle of the domain that it
 * was granted to, and each granted page in stage 2 is what some handle stands for.
 */
public final class GrantAudit {
  private static final int ENTRIES_PER_MAPTRACK_FRAME = 256;

  private record Use(Domain granter, int reference, boolean write) {}

  private record Place(Domain mapper, long gfn) {}

  private record Page(long frame, boolean write) {}

  private final MemoryAudit memory;
  private final Map<Use, Integer> uses = new HashMap<>();
  private final Map<Place, Page> pages = new HashMap<>();

  private GrantAudit(MemoryAudit memory) {
    this.memory = memory;
  }

  /** Checks all domains; a grant in use is a use of its frame. */
  public static void compare(MemoryAudit memory) {
    GrantAudit audit = new GrantAudit(memory);
    audit.forAll(audit::readHandles);
    audit.forAll(audit::readGrants);
    check(audit.uses.isEmpty(), "handles of grants that are not in use: %s", audit.uses.keySet());
    audit.comparePages();
  }

  private interface Reader {
    void read(Domain domain);
  }

  private void forAll(Reader reader) {
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        reader.read(domain);
      }
    }
  }

  private void readHandles(Domain mapper) {
    Maptrack maptrack = mapper.grants.maptrack;
    int end = maptrack.frames() * ENTRIES_PER_MAPTRACK_FRAME;
    int lowestFree = (int) Fields.number(maptrack, "lowestFree");
    for (int i = 0; i < maptrack.frames(); i++) {
      checkFree(mapper, i, maptrack.frame(i));
      check(i >= lowestFree || maptrack.frame(i).isFull(), "domain %d: free below", mapper.id);
    }
    for (int i = 0; i < end; i++) {
      Mapping mapping = maptrack.at(i);
      check(
          mapping.state() == Mapping.FREE || mapping.state() == Mapping.MAPPED,
          "domain %d: handle %d was left in between",
          mapper.id,
          i);
      if (mapping.state() == Mapping.MAPPED) {
        readHandle(mapper, mapping);
      }
    }
  }

  /** An entry that nothing is mapped by can be had again: it is in its frame's list once. */
  private static void checkFree(Domain mapper, int number, MaptrackFrame frame) {
    BitSet listed = new BitSet();
    int at = frame.firstFree();
    while (at != MaptrackFrame.ENTRIES) {
      check(
          at >= 0 && at < MaptrackFrame.ENTRIES && !listed.get(at),
          "domain %d, frame %d: handle %d twice",
          mapper.id,
          number,
          at);
      listed.set(at);
      at = frame.entry(at).next();
    }
    int used = MaptrackFrame.ENTRIES - listed.cardinality();
    check(used == frame.used(), "domain %d: %d entries, not %d", mapper.id, used, frame.used());
    for (int i = 0; i < MaptrackFrame.ENTRIES; i++) {
      boolean free = frame.entry(i).state() == Mapping.FREE;
      check(free == listed.get(i), "domain %d: handle %d is lost", mapper.id, i);
    }
  }

  /**
   * A grant was mapped just now, and nobody has done anything since: its entry still allows that,
   * and says that it is used.
   */
  public static void checkEntry(Domain mapper, int handle) {
    int index = Bits.get(handle, Maptrack.INDEX_TOP, 0);
    Mapping mapping = mapper.grants.maptrack.at(index);
    Domain granter = Domains.find(mapping.domain());
    if (mapping.state() != Mapping.MAPPED || granter == null) {
      return; // the same call has ended it again
    }
    EntryWord entry = granter.grants.word(mapping.reference());
    boolean write = !mapping.flags().isReadOnly();
    check(
        entry.grants(mapper.id)
            && !(write && entry.isReadOnly())
            && entry.bits() == entry.used(write).bits(),
        "domain %d has mapped grant %d of domain %d, which is 0x%x, for writing: %b",
        mapper.id,
        mapping.reference(),
        granter.id,
        entry.bits(),
        write);
  }

  private void readHandle(Domain mapper, Mapping mapping) {
    Domain granter = Domains.find(mapping.domain());
    if (granter == null) {
      throw new AssertionError("a handle of domain %d, which is gone".formatted(mapping.domain()));
    }
    ActiveGrant active = granter.grants.uses.at(mapping.reference());
    check(
        active.isUsed() && active.grantee() == mapper.id,
        "domain %d has mapped grant %d of domain %d, which is %d's",
        mapper.id,
        mapping.reference(),
        granter.id,
        active.grantee());
    boolean write = !mapping.flags().isReadOnly();
    uses.merge(new Use(granter, mapping.reference(), write), 1, Integer::sum);
    check(mapping.flags().hasMap(), "a handle of nothing");
    if (mapping.flags().hasHostMap()) {
      Page before = pages.put(new Place(mapper, mapping.gfn()), new Page(active.frame(), write));
      check(before == null, "domain %d: two handles at gfn 0x%x", mapper.id, mapping.gfn());
    }
  }

  private void readGrants(Domain granter) {
    int used = 0;
    if (!granter.grants.uses.areNone()) {
      for (int ref = granter.grants.nextUsed(0); ref >= 0; ref = granter.grants.nextUsed(ref + 1)) {
        ActiveGrant active = granter.grants.uses.at(ref);
        Integer readers = uses.remove(new Use(granter, ref, false));
        Integer writers = uses.remove(new Use(granter, ref, true));
        check(
            active.readers() == (readers == null ? 0 : readers)
                && active.writers() == (writers == null ? 0 : writers),
            "grant %d of domain %d: %d readers, %d writers, but %s and %s handles",
            ref,
            granter.id,
            active.readers(),
            active.writers(),
            readers,
            writers);
        memory.uses(active.frame());
        used++;
      }
      check(used != 0, "domain %d counts grants in use", granter.id);
    }
  }

  private void comparePages() {
    for (Leaf leaf : memory.leaves()) {
      if (leaf.type() == P2mType.GRANT_RW || leaf.type() == P2mType.GRANT_RO) {
        Page page = pages.remove(new Place(leaf.domain(), leaf.gfn()));
        check(
            page != null && page.frame() == leaf.mfn() && page.write() == leaf.writable(),
            "domain %d reaches frame 0x%x at gfn 0x%x, but the handle says %s",
            leaf.domain().id,
            leaf.mfn(),
            leaf.gfn(),
            page);
      }
    }
    check(pages.isEmpty(), "handles of pages that are not mapped: %s", pages.keySet());
  }

  /** What a domain would name to unmap something. */
  public record Handle(int number, long hostAddress) {}

  /** The handles that a domain has now. */
  public static List<Handle> handles(Domain mapper) {
    List<Handle> handles = new ArrayList<>();
    Maptrack maptrack = mapper.grants.maptrack;
    for (int i = 0; i < maptrack.frames() * ENTRIES_PER_MAPTRACK_FRAME; i++) {
      Mapping mapping = maptrack.at(i);
      if (mapping.state() == Mapping.MAPPED) {
        int number =
            Bits.put(i, Maptrack.GENERATION_TOP, Maptrack.INDEX_TOP + 1, mapping.generation());
        handles.add(new Handle(number, mapping.gfn() << Frames.SHIFT));
      }
    }
    return handles;
  }
}
