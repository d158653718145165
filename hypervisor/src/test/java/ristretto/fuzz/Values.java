package ristretto.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.abi.DomainId;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.image.DomainBuilder;

/**
 * Values for arguments: mostly such as mean something now, sometimes those at an edge, sometimes
 * any. One object for all guests of a machine, which in that way know each other's handles.
 */
final class Values {
  /** Guest frames where a guest has nothing at first, next to each other. */
  static final long HOLE = 0x2_1000;

  private static final int HOLE_SIZE = 24;

  /** Dom0's memory of which it may give away some. */
  static final long PLAYGROUND = (DomainBuilder.ARGUMENT >>> 12) + 0x100;

  private static final int PLAYGROUND_SIZE = 24;

  /** Where Xen's guests show themselves their grant table. */
  static final long GRANT_TABLE = 0x3_8000;

  /** Grants that guests use most. */
  static final int REFERENCES = 6;

  private static final int HANDLES_KEPT = 64;
  private static final int EDGE = 60;

  final Choices choices;
  private final List<Handle> handles = new ArrayList<>();
  private boolean privileged;
  private int caller;
  private long handleAddress;

  /** What a guest was told when it mapped a grant. */
  private record Handle(int domain, int number, long address) {}

  Values(Choices choices) {
    this.choices = choices;
  }

  /** The guest that acts next. */
  void actFor(Domain domain) {
    privileged = domain.privileged;
    caller = domain.id;
  }

  /** A value that belongs there, or else one at an edge. */
  long orEdge(long value) {
    return choices.oneIn(EDGE) ? edge() : value;
  }

  private long edge() {
    return switch (choices.below(6)) {
      case 0 -> choices.of(0, 1, -1, -2);
      case 1 -> 1L << choices.below(64);
      case 2 -> (1L << choices.below(64)) - 1;
      case 3 -> -(1L << choices.below(64));
      case 4 -> choices.any() >>> choices.below(64);
      default -> choices.of(4095, 4096, 4097, 0xffff, 0x7ff0, 0x7fff_ffffL, 0xffff_fff0L);
    };
  }

  /** A {@code domid_t}. */
  long domain() {
    return choices.below(3) == 0 ? orEdge(DomainId.SELF) : other();
  }

  /** A {@code domid_t} that seldom means the caller. */
  long other() {
    Domain domain = living();
    if (domain == null || (!privileged && choices.oneIn(3))) {
      return orEdge(0);
    }
    return orEdge(domain.id);
  }

  /** Another domain than Dom0, which may be dying. */
  @Nullable Domain living() {
    List<Domain> found = new ArrayList<>();
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && !domain.privileged && (!domain.isDying() || choices.oneIn(6))) {
        found.add(domain);
      }
    }
    return found.isEmpty() ? null : found.get(choices.below(found.size()));
  }

  /** A guest frame. */
  long gfn() {
    return orEdge(
        switch (choices.below(9)) {
          case 8 -> mappedGfn();
          case 0, 1 -> HOLE + choices.below(HOLE_SIZE);
          case 2 -> GRANT_TABLE + choices.below(4);
          case 3 -> DomainBuilder.MAGIC_GFN + choices.below(5);
          case 4 -> 0x4_8000L + 512L * choices.below(3) + choices.of(0, 0, 1, 511);
          default -> ownGfn();
        });
  }

  /** Where a grant is mapped, or was: guests all have theirs in the same places. */
  private long mappedGfn() {
    return handles.isEmpty() ? HOLE : handles.get(choices.below(handles.size())).address() >>> 12;
  }

  /** A guest frame that once was the guest's own memory, but for its arguments. */
  long ownGfn() {
    return privileged
        ? PLAYGROUND + choices.below(PLAYGROUND_SIZE)
        : DomainBuilder.RAM_GFN + choices.below(Guest.FIRST_PAGE);
  }

  long port() {
    return orEdge(
        choices.below(12) == 0
            ? choices.of(255, 256, 1023, 1024, 4095, 4096, 131071)
            : 1 + choices.below(6));
  }

  long vcpu() {
    return orEdge(choices.oneIn(2) ? 0 : choices.below(3));
  }

  long reference() {
    return orEdge(choices.oneIn(12) ? choices.of(511, 512, 513, 1024) : choices.below(REFERENCES));
  }

  /** Mostly one of the guest's own. */
  long handle() {
    handleAddress = 0;
    if (handles.isEmpty()) {
      return choices.below(4);
    }
    Handle chosen = handles.get(choices.below(handles.size()));
    for (int i = 0; i < HANDLES_KEPT && chosen.domain() != caller; i++) {
      chosen = handles.get(choices.below(handles.size()));
    }
    handleAddress = chosen.address();
    return orEdge(chosen.number());
  }

  /** Where what {@link #handle} gave last is mapped. */
  long handleAddress() {
    return orEdge(handleAddress);
  }

  /** The guest was told this handle. */
  void remember(int handle, long address) {
    if (handles.size() == HANDLES_KEPT) {
      handles.removeFirst();
    }
    handles.add(new Handle(caller, handle, address));
  }

  long count() {
    return orEdge(
        choices.oneIn(4) ? choices.of(0, 15, 16, 17, 63, 64, 65, 128, 200) : 1 + choices.below(3));
  }

  long order() {
    return orEdge(choices.oneIn(4) ? choices.of(1, 2, 9, 10, 11) : 0);
  }
}
