package ristretto.compiler.heap;

import java.lang.constant.ClassDesc;

/**
 * An object that exists when the image starts.
 *
 * @param number its place in the order of discovery, which is the same in every build
 * @param value the object in this JVM
 * @param type its class or array type
 * @param origin how it was found: a field, an element, a literal
 */
public record HeapObject(int number, Object value, ClassDesc type, String origin) {
  /** The C name of its data. */
  public String symbol() {
    return "object" + number;
  }
}
