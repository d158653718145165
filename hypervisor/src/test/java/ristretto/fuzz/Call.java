package ristretto.fuzz;

import java.util.List;

/**
 * The shape of one hypercall: what stands in its registers, and in the structure that one of them
 * points to.
 *
 * @param registers x0 and so on
 * @param size bytes of one structure
 * @param most structures, one behind the other, that there may be
 */
record Call(
    String name, int number, List<Source> registers, int size, int most, List<Field> fields) {
  /** {@link #number} of a call whose number is made up, too. */
  static final int ANY_NUMBER = -1;

  /** Makes up a value. */
  interface Source {
    long value(Arguments arguments);
  }

  /** A member of the structure. */
  record Field(int offset, int size, Source source) {}

  static Field u8(int offset, Source source) {
    return new Field(offset, 1, source);
  }

  static Field u16(int offset, Source source) {
    return new Field(offset, 2, source);
  }

  static Field u32(int offset, Source source) {
    return new Field(offset, 4, source);
  }

  static Field u64(int offset, Source source) {
    return new Field(offset, 8, source);
  }

  static Source fixed(long value) {
    return arguments -> arguments.values().orEdge(value);
  }

  static Source oneOf(long... values) {
    return arguments -> arguments.values().orEdge(arguments.values().choices.of(values));
  }

  /** A list of 64-bit or 32-bit elements in the guest's memory. */
  static Source list(int size, Source element) {
    return arguments -> arguments.list(size, element);
  }
}
