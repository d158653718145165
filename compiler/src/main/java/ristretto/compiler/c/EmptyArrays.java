package ristretto.compiler.c;

import java.lang.reflect.Array;
import java.util.stream.IntStream;
import ristretto.compiler.heap.HeapObject;

/**
 * Build-time arrays that hold nothing but zeros: buffers and tables that are filled at run time.
 * They take no room in the image. Their memory is in .bss, and {@code empty_arrays}, which entry
 * code calls before any Java, writes the header that each object begins with.
 */
final class EmptyArrays {
  /** A smaller one saves less than its entry in the table of headers takes. */
  private static final int FEWEST_BYTES = 32;

  private final StringBuilder headers = new StringBuilder();

  /** Zeros only, and enough of them. */
  static boolean isOne(HeapObject object) {
    Object value = object.value();
    if (!object.type().isArray() || !object.type().componentType().isPrimitive()) {
      return false;
    }
    int length = Array.getLength(value);
    return (long) length * width(value) >= FEWEST_BYTES
        && IntStream.range(0, length).allMatch(i -> isZero(Array.get(value, i)));
  }

  private static int width(Object array) {
    return switch (array) {
      case byte[] _, boolean[] _ -> 1;
      case short[] _, char[] _ -> 2;
      case long[] _ -> 8;
      default -> 4;
    };
  }

  private static boolean isZero(Object element) {
    return switch (element) {
      case Number number -> number.longValue() == 0;
      case Character character -> character == 0;
      default -> element.equals(false);
    };
  }

  /** The object's data is left out: its header is {@code id} and the length. */
  void add(HeapObject object, int id) {
    headers
        .append("  {&")
        .append(object.symbol())
        .append(".object, {")
        .append(id)
        .append(", ")
        .append(Array.getLength(object.value()))
        .append("}},\n");
  }

  /** The table and the function that goes through it. */
  String text() {
    return """
    static const struct { struct Object *array; struct Object header; } empty_array_headers[] = {
    %s  {NULL}
    };
    __attribute__((cold, minsize)) void empty_arrays(void) {
      for (int i = 0; empty_array_headers[i].array != NULL; i++)
        *empty_array_headers[i].array = empty_array_headers[i].header;
    }
    """
        .formatted(headers);
  }
}
