package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.world.Kind;

/**
 * What one place of the operand stack holds: a C expression without side effects that gives the
 * same value until one of the variables it reads is assigned.
 *
 * @param type static type; {@link #NULL} for the null constant
 * @param reads C variables in {@code c}
 * @param constant the build-time object, when it is known
 * @param exact the object's class is {@code type} itself
 * @param comparison the operands, when the value is the result of a three-way comparison
 * @param sum base and constant-looking offset, when the value is a 64-bit sum
 * @param fresh the instruction that made the object, while its constructor has not run; else -1
 */
record Value(
    Kind kind,
    ClassDesc type,
    String c,
    Set<String> reads,
    @Nullable Object constant,
    boolean exact,
    @Nullable Comparison comparison,
    @Nullable Sum sum,
    int fresh) {
  /** {@code left} and {@code right} with the type to compare them in. */
  record Comparison(String left, String right, String cType) {}

  /** {@code base + offset}. */
  record Sum(String base, String offset) {}

  static final ClassDesc NULL = ClassDesc.of("null");

  static Value of(Kind kind, ClassDesc type, String c, Set<String> reads) {
    return new Value(kind, type, c, reads, null, false, null, null, -1);
  }

  static Value variable(Kind kind, ClassDesc type, String name) {
    return of(kind, type, name, Set.of(name));
  }

  static Value literal(Kind kind, ClassDesc type, String c) {
    return of(kind, type, c, Set.of());
  }

  boolean isWide() {
    return kind == Kind.LONG && isPrimitiveLong();
  }

  private boolean isPrimitiveLong() {
    // An unboxed record of a long is a reference to the bytecode: one place on its stack.
    return type.descriptorString().equals("J");
  }

  boolean isNull() {
    return type.equals(NULL);
  }

  /** Writing it twice costs nothing. */
  boolean isAtom() {
    for (int i = 0; i < c.length(); i++) {
      char at = c.charAt(i);
      if (!Character.isJavaIdentifierPart(at) && at != '&') {
        return false;
      }
    }
    return true;
  }

  Value withType(ClassDesc newType) {
    return new Value(kind, newType, c, reads, constant, exact, comparison, sum, fresh);
  }

  Value withConstant(Object object, ClassDesc exactType) {
    return new Value(kind, exactType, c, reads, object, true, null, null, fresh);
  }

  Value exactly(ClassDesc exactType) {
    return new Value(kind, exactType, c, reads, constant, true, null, null, fresh);
  }

  Value withComparison(Comparison operands) {
    return new Value(kind, type, c, reads, constant, exact, operands, null, fresh);
  }

  Value withSum(Sum parts) {
    return new Value(kind, type, c, reads, constant, exact, null, parts, fresh);
  }

  Value freshFrom(int instruction) {
    return new Value(kind, type, c, reads, constant, exact, null, null, instruction);
  }

  /** The same value in a variable. */
  Value in(String variable) {
    return new Value(kind, type, variable, Set.of(variable), constant, exact, null, null, fresh);
  }

  static Set<String> union(Value... values) {
    Set<String> all = new HashSet<>();
    for (Value value : values) {
      all.addAll(value.reads);
    }
    return all;
  }
}
