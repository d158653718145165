package ristretto.fuzz;

import ristretto.fuzz.Call.Field;
import ristretto.fuzz.Call.Source;

/** Writes the arguments of one hypercall into the memory of the guest that makes it. */
final class Arguments {
  private static final int SLOT_SIZE = 0x200;
  private static final int LIST_ROOM = 0x400;
  private static final int LISTED = 24;

  private final Guest guest;
  private final Values values;
  private long structure;
  private long nextList;

  /** Structures that the last call had. */
  int count;

  Arguments(Guest guest, Values values) {
    this.guest = guest;
    this.values = values;
    this.nextList = guest.list();
  }

  Values values() {
    return values;
  }

  /**
   * Writes the structures of a call and makes up its registers.
   *
   * @param slot which of the places for arguments
   */
  long[] prepare(Call call, int slot) {
    long first = guest.argument() + (long) slot * SLOT_SIZE;
    count = call.most() == 1 ? 1 : 1 + values.choices.below(call.most());
    for (int i = 0; i < count; i++) {
      structure = first + (long) i * call.size();
      for (int at = 0; at < call.size(); at += 4) {
        guest.store(structure + at, 4, 0);
      }
      for (Field field : call.fields()) {
        guest.store(structure + field.offset(), field.size(), field.source().value(this));
      }
    }
    structure = first;
    long[] registers = new long[call.registers().size()];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = call.registers().get(i).value(this);
    }
    return registers;
  }

  /** Where the structures are; seldom somewhere else. */
  long pointer() {
    if (!values.choices.oneIn(60)) {
      return structure;
    }
    return switch (values.choices.below(5)) {
      case 0 -> 0;
      case 1 -> values.choices.any();
      case 2 -> (guest.argument() & -0x1000L) + 0x1000 - 1 - values.choices.below(48);
      case 3 -> values.gfn() << 12;
      default -> structure + 1 + values.choices.below(7);
    };
  }

  /** Address of one value. */
  long exactly(int size, long value) {
    guest.store(guest.list(), size, value);
    return guest.list();
  }

  long list(int size, Source element) {
    long list = nextList;
    nextList = guest.list() + (nextList + LIST_ROOM - guest.list()) % 0x1000;
    int length = 1 + values.choices.below(LISTED);
    for (int i = 0; i < length; i++) {
      guest.store(list + (long) i * size, size, element.value(this));
    }
    return values.orEdge(list);
  }
}
