package ristretto.compiler;

import java.util.List;
import java.util.Map;

/**
 * What the front end hands to the back end.
 *
 * @param c the C file; the same class files give the same bytes
 * @param constantsHeader {@code #define Class_CONSTANT value} for the assembly files
 * @param callGraph for the bound on the stack
 * @param javaNames {@code package.Class.method} by C function name, for backtraces
 */
public record Translation(
    String c, String constantsHeader, CallGraph callGraph, Map<String, String> javaNames) {
  /**
   * What the C file takes for granted: Java's wrap-around arithmetic, references of any type to any
   * object, a null pointer that may be dereferenced, and no register but the general ones.
   */
  public static final List<String> REQUIRED_C_FLAGS =
      List.of(
          "-std=gnu11",
          "-ffreestanding",
          "-fno-builtin",
          "-fwrapv",
          "-fno-strict-aliasing",
          "-fno-delete-null-pointer-checks",
          "-mgeneral-regs-only",
          "-march=armv8-a");
}
