package ristretto.compiler.world;

import java.lang.constant.ClassDesc;

/** How a value is held in a C variable. */
public enum Kind {
  INT("int32_t"),
  LONG("int64_t"),
  REFERENCE("void *"),
  VOID("void");

  private final String c;

  Kind(String c) {
    this.c = c;
  }

  public String c() {
    return c;
  }

  /** The kind of a primitive type; float and double have none. */
  static Kind ofPrimitive(ClassDesc type) {
    return switch (type.descriptorString()) {
      case "J" -> LONG;
      case "V" -> VOID;
      default -> INT;
    };
  }
}
