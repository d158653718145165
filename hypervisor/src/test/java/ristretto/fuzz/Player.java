package ristretto.fuzz;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Errno;
import ristretto.abi.Gnttabop.MapGrantRef;
import ristretto.abi.HypercallNumber;
import ristretto.abi.MulticallEntry;
import ristretto.abi.Schedop;
import ristretto.arch.TrapFrame;
import ristretto.core.grant.GrantAudit;
import ristretto.core.trap.GuestCpu;
import ristretto.image.DomainBuilder;
import ristretto.sim.SimulatedGic;

/** Makes up what a guest does next, and does it: one trap at a time. */
final class Player {
  /** What most of what a guest does is. */
  enum Kind {
    HYPERCALLS(1),
    INSTRUCTIONS(11);

    /** Of twelve. */
    final int instructions;

    Kind(int instructions) {
      this.instructions = instructions;
    }
  }

  private static final int EC_HVC64 = 0x16;
  private static final int XEN_TAG = 0xea1;

  /** Where every guest executes; behind an HVC. */
  private static final long PC = 0x4000_1000L;

  private static final int HVC_SIZE = 4;
  private static final int MOST_ENTRIES = 4;

  private final Values values;
  private final Choices choices;
  private final Instructions instructions;
  private final Kind kind;

  /** No two calls are in progress at the same moment. */
  private final boolean oneAfterAnother;

  /** Frames of vCPUs whose call is not over. */
  private final Set<Long> continuing = new HashSet<>();

  /** What was done last, for a report. */
  private String last = "";

  /**
   * @param kind what it prefers
   */
  Player(Values values, SimulatedGic gic, Kind kind, boolean oneAfterAnother) {
    this.oneAfterAnother = oneAfterAnother;
    this.values = values;
    this.choices = values.choices;
    this.kind = kind;
    this.instructions = new Instructions(values, gic);
  }

  String last() {
    return last;
  }

  /** The vCPU of {@code frame} does something; returns the frame of whichever runs here then. */
  TrapFrame turn(TrapFrame frame) {
    TrapFrame ready = GuestCpu.interrupted(frame);
    if (ready.address() != frame.address()) {
      return ready;
    }
    Guest guest = Guest.current();
    values.actFor(guest.domain());
    if (continuing.contains(frame.address()) && !choices.oneIn(16)) {
      return hypercall(frame);
    }
    continuing.remove(frame.address());
    if (frame.elr() == DomainBuilder.ENTRY) {
      frame.setElr(PC);
      grant(guest); // it begins
      return instructions.enableInterrupts(frame, guest);
    }
    return act(frame, guest);
  }

  private TrapFrame act(TrapFrame frame, Guest guest) {
    if (choices.below(12) < kind.instructions) {
      return execute(frame, guest);
    }
    return switch (choices.below(12)) {
      case 0 -> {
        scribble(guest);
        yield frame;
      }
      case 1 -> {
        grant(guest);
        yield frame;
      }
      case 2 -> {
        prepareMulticall(frame, guest, Calls.ANYBODY);
        yield hypercall(frame);
      }
      case 3 -> {
        prepare(frame, guest, choices.oneIn(10) ? Calls.GUESTS : Calls.ANYBODY);
        yield hypercall(frame);
      }
      default -> {
        prepare(frame, guest, Calls.ANYBODY);
        yield hypercall(frame);
      }
    };
  }

  private TrapFrame execute(TrapFrame frame, Guest guest) {
    frame.setElr(PC);
    TrapFrame next = instructions.execute(frame, guest);
    last = "domain %d: %s".formatted(guest.domain().id, instructions.last);
    return next;
  }

  /** Dom0 executes something that traps, or does not; returns as {@link #turn} does. */
  TrapFrame turnOfDom0(TrapFrame frame) {
    Guest guest = Guest.current();
    values.actFor(guest.domain());
    continuing.remove(frame.address());
    return execute(frame, guest);
  }

  /** Dom0 grants its pages to whoever there may be. */
  void grantAsDom0() {
    Guest guest = Guest.current();
    values.actFor(guest.domain());
    grant(guest);
  }

  boolean prefersInstructions() {
    return choices.below(12) < kind.instructions;
  }

  /** Dom0 is about to do something of this kind; false: it would end or leave its CPU. */
  boolean prepareForDom0(TrapFrame frame) {
    Guest guest = Guest.current();
    values.actFor(guest.domain());
    continuing.remove(frame.address());
    switch (choices.below(10)) {
      case 0 -> {
        scribble(guest);
        return false;
      }
      case 1 -> {
        grant(guest);
        return false;
      }
      case 2 -> prepareMulticall(frame, guest, Calls.ANYBODY);
      case 3, 4, 5 -> prepare(frame, guest, Calls.CONTROL);
      default -> prepare(frame, guest, Calls.ANYBODY);
    }
    return isHarmless(frame.x(16), frame.x(0), frame.x(1), guest);
  }

  private static boolean isHarmless(long number, long x0, long x1, Guest guest) {
    if (number == HypercallNumber.SCHED_OP) {
      return switch ((int) x0) {
        case Schedop.BLOCK, Schedop.SHUTDOWN, Schedop.POLL -> false;
        case Schedop.REMOTE_SHUTDOWN -> guest.load(x1, 2) != 0;
        default -> true;
      };
    }
    if (number == HypercallNumber.DOMCTL) {
      return guest.load(x0, 4) != DomctlCommand.SET_VCPU_AFFINITY || guest.load(x0 + 8, 2) != 0;
    }
    if (number == HypercallNumber.MULTICALL) {
      for (long at = x0; at < x0 + MOST_ENTRIES * MulticallEntry.SIZEOF; at += 64) {
        long x0Inside = guest.load(at + MulticallEntry.ARGS, 8);
        long x1Inside = guest.load(at + MulticallEntry.ARGS + 8, 8);
        if (!isHarmless(guest.load(at, 8), x0Inside, x1Inside, guest)) {
          return false;
        }
      }
    }
    return true;
  }

  private void prepare(TrapFrame frame, Guest guest, List<Call> calls) {
    Call call = calls.get(choices.below(calls.size()));
    Arguments arguments = new Arguments(guest, values);
    long[] registers = arguments.prepare(call, 0);
    last = "domain %d: %s".formatted(guest.domain().id, call.name());
    for (int i = 0; i < registers.length; i++) {
      frame.setX(i, registers[i]);
    }
    frame.setX(16, number(call));
  }

  private long number(Call call) {
    if (call.number() != Call.ANY_NUMBER) {
      return call.number();
    }
    return choices.oneIn(2) ? choices.below(64) : choices.any();
  }

  private void prepareMulticall(TrapFrame frame, Guest guest, List<Call> calls) {
    long list = guest.argument() + 0xc00;
    int count = 1 + choices.below(MOST_ENTRIES);
    StringBuilder names = new StringBuilder("domain " + guest.domain().id + ": multicall");
    for (int i = 0; i < MOST_ENTRIES; i++) {
      Call call = calls.get(choices.below(calls.size()));
      long[] registers = new Arguments(guest, values).prepare(call, i);
      long entry = list + (long) i * MulticallEntry.SIZEOF;
      guest.store(entry + MulticallEntry.OP, 8, number(call));
      for (int r = 0; r < registers.length; r++) {
        guest.store(entry + MulticallEntry.ARGS + 8L * r, 8, registers[r]);
      }
      names.append(' ').append(call.name());
    }
    last = names.toString();
    frame.setX(0, list);
    frame.setX(1, values.orEdge(count));
    frame.setX(16, HypercallNumber.MULTICALL);
  }

  private TrapFrame hypercall(TrapFrame frame) {
    frame.setElr(PC);
    boolean begun = continuing.remove(frame.address());
    Guest guest = Guest.current();
    TrapFrame next = GuestCpu.trap(frame, EC_HVC64, XEN_TAG);
    if (frame.elr() == PC - HVC_SIZE) {
      continuing.add(frame.address());
    } else if (next.address() == frame.address()) {
      rememberHandles(frame, guest, !begun);
    }
    return next;
  }

  /**
   * What a call that is over has told its guest.
   *
   * @param atOnce it was not continued
   */
  void rememberHandles(TrapFrame frame, Guest guest, boolean atOnce) {
    if (last.endsWith("grant_table_op 0")) {
      for (int i = 0; i < 4; i++) {
        long element = guest.argument() + (long) i * MapGrantRef.SIZEOF;
        if (guest.load(element + MapGrantRef.STATUS, 2) == 0) {
          int handle = (int) guest.load(element + MapGrantRef.HANDLE, 4);
          values.remember(handle, guest.load(element + MapGrantRef.HOST_ADDR, 8));
          if (oneAfterAnother && atOnce && isAnswer(frame, guest, i)) {
            GrantAudit.checkEntry(guest.domain(), handle);
          }
        }
      }
    }
  }

  /** The call was one by itself, took this element from there, and wrote what it says now. */
  private static boolean isAnswer(TrapFrame frame, Guest guest, int element) {
    return frame.x(16) == HypercallNumber.GRANT_TABLE_OP
        && frame.x(0) == Errno.OK
        && frame.x(1) == guest.argument()
        && Long.compareUnsigned(element, frame.x(2)) < 0;
  }

  /** Writes anything anywhere into its own memory: where its events are shown, perhaps. */
  private void scribble(Guest guest) {
    last = "domain %d: a store".formatted(guest.domain().id);
    long address = (values.gfn() << 12) + 8L * choices.below(512);
    boolean small = choices.oneIn(2);
    guest.store(address, small ? 4 : 8, choices.oneIn(3) ? 0 : choices.any());
  }

  /** Writes an entry of its grant table, wherever it has mapped that. */
  private void grant(Guest guest) {
    last = "domain %d: a grant".formatted(guest.domain().id);
    long grantee = values.other() & 0xffff;
    for (int i = 0; i < 2 * Values.REFERENCES; i++) {
      long flags = choices.of(1, 1, 1, 1, 1, 5, 5, 0, 3, 0x19);
      long gfn = values.orEdge(values.ownGfn());
      long word = flags & 0xffff | grantee << 16 | gfn << 32;
      guest.store((Values.GRANT_TABLE << 12) + 8L * choices.below(Values.REFERENCES + 2), 8, word);
    }
  }
}
