package ristretto.compiler.c;

import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import ristretto.compiler.world.World;

/**
 * Java's arithmetic in C. The C file is compiled with -fwrapv; shifts are masked, left and logical
 * ones unsigned; division is a function of the runtime.
 */
final class Operators {
  private Operators() {}

  static String intLiteral(int value) {
    if (value == Integer.MIN_VALUE) {
      return "(-2147483647 - 1)";
    }
    return value < 0 ? "(" + value + ")" : Integer.toString(value);
  }

  static String longLiteral(long value) {
    if (value == Long.MIN_VALUE) {
      return "(-9223372036854775807L - 1)";
    }
    if (value > 0xffff) {
      return "0x" + Long.toHexString(value) + "L";
    }
    return value < 0 ? "(" + value + "L)" : value + "L";
  }

  static void apply(Opcode opcode, State state) {
    switch (opcode) {
      case IADD -> ints(state, "+");
      case ISUB -> ints(state, "-");
      case IMUL -> ints(state, "*");
      case IAND -> ints(state, "&");
      case IOR -> ints(state, "|");
      case IXOR -> ints(state, "^");
      case LADD -> addLongs(state);
      case LSUB -> longs(state, "-");
      case LMUL -> longs(state, "*");
      case LAND -> longs(state, "&");
      case LOR -> longs(state, "|");
      case LXOR -> longs(state, "^");
      case INEG -> negate(state, false);
      case LNEG -> negate(state, true);
      case IDIV -> divide(state, "divide_int", false);
      case IREM -> divide(state, "remainder_int", false);
      case LDIV -> divide(state, "divide_long", true);
      case LREM -> divide(state, "remainder_long", true);
      case ISHL -> shift(state, "int32_t", "uint32_t", "<<", 31);
      case ISHR -> shift(state, "int32_t", "int32_t", ">>", 31);
      case IUSHR -> shift(state, "int32_t", "uint32_t", ">>", 31);
      case LSHL -> shift(state, "int64_t", "uint64_t", "<<", 63);
      case LSHR -> shift(state, "int64_t", "int64_t", ">>", 63);
      case LUSHR -> shift(state, "int64_t", "uint64_t", ">>", 63);
      case LCMP -> compare(state, "int64_t");
      case ARRAYLENGTH -> {
        Value array = state.popForReading();
        state.pushEvaluated(
            java.lang.constant.ConstantDescs.CD_int,
            array.constant() != null
                ? intLiteral(java.lang.reflect.Array.getLength(array.constant()))
                : "(int32_t)LENGTH(" + array.c() + ")");
      }
      default ->
          throw new Unsupported(
              "floating point (" + opcode + ")", "EL2 code leaves FP to the guests");
    }
  }

  private static void ints(State state, String operator) {
    Value b = state.pop();
    Value a = state.pop();
    state.pushInt("(" + a.c() + " " + operator + " " + b.c() + ")", a, b);
  }

  private static void longs(State state, String operator) {
    Value b = state.pop();
    Value a = state.pop();
    state.pushLong("(" + a.c() + " " + operator + " " + b.c() + ")", a, b);
  }

  /** Remembers the operands: the offset of a load or store can become part of its instruction. */
  private static void addLongs(State state) {
    Value b = state.pop();
    Value a = state.pop();
    state.pushLong("(" + a.c() + " + " + b.c() + ")", a, b);
    Value sum = state.peek();
    if (sum.reads().equals(Value.union(a, b))) {
      state.places().set(state.depth() - 1, sum.withSum(new Value.Sum(a.c(), b.c())));
    }
  }

  private static void negate(State state, boolean wide) {
    Value a = state.pop();
    String c = "(-" + a.c() + ")";
    if (wide) {
      state.pushLong(c, a);
    } else {
      state.pushInt(c, a);
    }
  }

  private static void divide(State state, String function, boolean wide) {
    Value b = state.pop();
    Value a = state.pop();
    state.pushEvaluated(
        wide ? java.lang.constant.ConstantDescs.CD_long : java.lang.constant.ConstantDescs.CD_int,
        function + "(" + a.c() + ", " + b.c() + ")");
  }

  private static void shift(State state, String type, String shifted, String operator, int mask) {
    Value count = state.pop();
    Value a = state.pop();
    String by =
        count.reads().isEmpty() && count.c().matches("[0-9]+")
            ? Integer.toString(Integer.parseInt(count.c()) & mask)
            : "(" + count.c() + " & " + mask + ")";
    String c = "((" + type + ")((" + shifted + ")" + a.c() + " " + operator + " " + by + "))";
    if (mask == 63) {
      state.pushLong(c, a, count);
    } else {
      state.pushInt(c, a, count);
    }
  }

  /** A three-way comparison, kept open so that a branch on it becomes one comparison. */
  static void compare(State state, String type) {
    Value b = state.pop();
    Value a = state.pop();
    Value left = a.c().length() > 60 ? state.materialize(a) : a;
    Value right = b.c().length() > 60 ? state.materialize(b) : b;
    String l = "(" + type + ")" + left.c();
    String r = "(" + type + ")" + right.c();
    Value.Comparison comparison = new Value.Comparison(left.c(), right.c(), type);
    state
        .places()
        .add(
            Value.of(
                    ristretto.compiler.world.Kind.INT,
                    java.lang.constant.ConstantDescs.CD_int,
                    "COMPARE(" + l + ", " + r + ")",
                    Value.union(left, right))
                .withComparison(comparison));
  }

  static void convert(Opcode opcode, State state) {
    Value a = state.pop();
    switch (opcode) {
      case I2L -> state.pushLong("((int64_t)" + a.c() + ")", a);
      case L2I -> state.pushInt("((int32_t)" + a.c() + ")", a);
      case I2B -> state.pushInt("((int32_t)(int8_t)" + a.c() + ")", a);
      case I2C -> state.pushInt("((int32_t)(uint16_t)" + a.c() + ")", a);
      case I2S -> state.pushInt("((int32_t)(int16_t)" + a.c() + ")", a);
      default ->
          throw new Unsupported(
              "floating point (" + opcode + ")", "EL2 code leaves FP to the guests");
    }
  }

  /** The C condition of a conditional branch. */
  static String condition(Opcode opcode, State state, World world) {
    Value right = hasTwoOperands(opcode) ? state.pop() : null;
    Value left = state.pop();
    String operator = comparator(opcode);
    if (right != null) {
      checkIdentity(world, left, opcode);
      checkIdentity(world, right, opcode);
      return isReference(opcode)
          ? "(void *)" + left.c() + " " + operator + " (void *)" + right.c()
          : left.c() + " " + operator + " " + right.c();
    }
    if (isReference(opcode)) {
      checkIdentity(world, left, opcode);
      return left.c() + " " + operator + " NULL";
    }
    Value.Comparison open = left.comparison();
    return open == null
        ? left.c() + " " + operator + " 0"
        : "("
            + open.cType()
            + ")"
            + open.left()
            + " "
            + operator
            + " ("
            + open.cType()
            + ")"
            + open.right();
  }

  private static boolean hasTwoOperands(Opcode opcode) {
    return opcode.name().startsWith("IF_");
  }

  private static boolean isReference(Opcode opcode) {
    return opcode == Opcode.IF_ACMPEQ
        || opcode == Opcode.IF_ACMPNE
        || opcode == Opcode.IFNULL
        || opcode == Opcode.IFNONNULL;
  }

  private static void checkIdentity(World world, Value value, Opcode opcode) {
    ClassDesc type = value.type();
    if (isReference(opcode) && !value.isNull() && world.isUnboxed(type)) {
      throw new Unsupported(
          "the @Unboxed " + type.displayName() + " is compared by identity or with null",
          "compare its component");
    }
  }

  private static String comparator(Opcode opcode) {
    return switch (opcode) {
      case IFEQ, IF_ICMPEQ, IF_ACMPEQ, IFNULL -> "==";
      case IFNE, IF_ICMPNE, IF_ACMPNE, IFNONNULL -> "!=";
      case IFLT, IF_ICMPLT -> "<";
      case IFGE, IF_ICMPGE -> ">=";
      case IFGT, IF_ICMPGT -> ">";
      case IFLE, IF_ICMPLE -> "<=";
      default -> throw new Unsupported("bytecode " + opcode, "rebuild with a current javac");
    };
  }
}
