package ristretto.compiler.c;

import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.classfile.Body;
import ristretto.compiler.world.Kind;
import ristretto.compiler.world.MethodInfo;

/**
 * Locals and operand stack while a method is walked, and their C variables. Between joins the stack
 * is symbolic; where control flow joins, place {@code i} is the variable {@code s<i>}, and the
 * class file's stack map says the types.
 */
final class State {
  private static final int LONGEST_EXPRESSION = 160;

  private final Program program;
  private final MethodInfo method;
  private final Body body;
  private final CWriter out;
  private final Map<String, String> declarations = new LinkedHashMap<>();
  private final Map<String, String> variableNames = new HashMap<>();
  private final List<Value> stack = new ArrayList<>();
  private final @Nullable Value[] locals;
  private final Set<String> parameters = new HashSet<>();
  private int temporaries;

  State(Program program, MethodInfo method, CWriter out) {
    this.program = program;
    this.method = method;
    this.body = method.body();
    this.out = out;
    this.locals = new Value[body.maxLocals()];
  }

  /** Variables to declare at the start of the function: C type by name. */
  Map<String, String> declarations() {
    return declarations;
  }

  int depth() {
    return stack.size();
  }

  // ---- the stack

  void push(Value value) {
    stack.add(value.c().length() > LONGEST_EXPRESSION ? materialize(value) : value);
  }

  void pushInt(String c, Value... operands) {
    push(Value.of(Kind.INT, ConstantDescs.CD_int, c, Value.union(operands)));
  }

  void pushLong(String c, Value... operands) {
    push(Value.of(Kind.LONG, ConstantDescs.CD_long, c, Value.union(operands)));
  }

  /** Takes the top for any use; a build-time array is then one that code may change. */
  Value pop() {
    Value value = stack.removeLast();
    if (value.constant() != null && value.type().isArray()) {
      program.escaped.add(value.constant());
    }
    return value;
  }

  /** Takes an array off the stack to read from it. */
  Value popForReading() {
    return atom(stack.removeLast());
  }

  Value popAtom() {
    return atom(pop());
  }

  Value peek() {
    return stack.getLast();
  }

  /** The top becomes a variable, so that it can be written twice. */
  void atomizeTop(int places) {
    for (int i = stack.size() - places; i < stack.size(); i++) {
      if (i >= 0) {
        stack.set(i, atom(stack.get(i)));
      }
    }
  }

  /** Direct access for the instructions that shuffle the stack. */
  List<Value> places() {
    return stack;
  }

  /** The object of instruction {@code fresh} is initialised: every mention of it is a value now. */
  void initialized(int fresh, Value value) {
    stack.replaceAll(v -> v.fresh() == fresh ? value : v);
    for (int i = 0; i < locals.length; i++) {
      Value local = locals[i];
      if (local != null && local.fresh() == fresh) {
        locals[i] = value;
      }
    }
  }

  // ---- C variables

  Value atom(Value value) {
    return value.isAtom() ? value : materialize(value);
  }

  /** As {@link #atom}, but a sum stays one: its parts may become parts of an instruction. */
  Value atomOrSum(Value value) {
    return value.sum() != null ? value : atom(value);
  }

  /** Evaluates now, into a new variable. */
  Value materialize(Value value) {
    return value.in(temporary(program.layouts.variableType(cType(value)), value.c()));
  }

  private static ClassDesc cType(Value value) {
    return value.isNull() ? ConstantDescs.CD_Object : value.type();
  }

  /** A new variable with a value. */
  String temporary(String type, String value) {
    String name = "t" + temporaries++;
    out.put(type + " " + name + " = " + value + ";");
    return name;
  }

  /** Evaluates an expression that has effects or reads memory, and pushes its value. */
  void pushEvaluated(ClassDesc type, String c) {
    Kind kind = program.world.kind(type);
    String name = temporary(program.layouts.variableType(type), c);
    stack.add(Value.variable(kind, stackType(type), name));
  }

  /** Booleans, bytes, chars and shorts are ints on the stack. */
  static ClassDesc stackType(ClassDesc type) {
    return switch (type.descriptorString()) {
      case "Z", "B", "C", "S" -> ConstantDescs.CD_int;
      default -> type;
    };
  }

  void declare(String name, String type) {
    if (!parameters.contains(name)) {
      declarations.putIfAbsent(name, type);
    }
  }

  /** The function's head declares the variable. */
  void markParameter(String name) {
    parameters.add(name);
  }

  // ---- locals

  void parameter(int slot, ClassDesc type, String name) {
    locals[slot] = Value.variable(program.world.kind(type), stackType(type), name);
  }

  /** The C name of a local variable as seen by instruction {@code index}. */
  String variable(int slot, ClassDesc type, int index) {
    Body.Variable named = body.variable(slot, index);
    ClassDesc declared = named != null && !type.isPrimitive() ? named.type() : type;
    if (program.world.kind(declared) != program.world.kind(type)) {
      declared = type;
    }
    String cType = program.layouts.variableType(declared);
    String base = (named == null ? "v" : Names.mangle(named.name())) + "_" + slot;
    String key = base + " " + cType;
    String known = variableNames.get(key);
    if (known != null) {
      return known;
    }
    String name = base;
    for (char suffix = 'b'; variableNames.containsValue(name); suffix++) {
      name = base + suffix;
    }
    variableNames.put(key, name);
    return name;
  }

  String declaredVariable(int slot, ClassDesc type, int index) {
    String name = variable(slot, type, index);
    Body.Variable named = body.variable(slot, index);
    ClassDesc declared =
        named != null && program.world.kind(named.type()) == program.world.kind(type)
            ? named.type()
            : type;
    declare(name, program.layouts.variableType(declared));
    return name;
  }

  Value local(int slot) {
    Value value = locals[slot];
    if (value == null) {
      throw new IllegalStateException(method + ": nothing in local " + slot);
    }
    return value;
  }

  /** The value's bytecode type decides the variable; its build-time object stays known. */
  void store(int slot, Value value, int index) {
    ClassDesc type = value.isNull() ? ConstantDescs.CD_Object : value.type();
    Body.Variable named = body.variable(slot, index + 1);
    if (value.isNull() && named != null && !named.type().isPrimitive()) {
      type = named.type();
      if (program.world.isUnboxed(type)) {
        throw new Unsupported(
            "null for the @Unboxed " + type.displayName(),
            "an unboxed record is never null: use a value of it that means nothing");
      }
    }
    String name = declaredVariable(slot, type, index + 1);
    assign(name, value.c());
    Value stored = Value.variable(value.kind(), value.type(), name);
    if (value.constant() != null && !value.type().isArray()) {
      stored = stored.withConstant(value.constant(), value.type());
    } else if (value.exact()) {
      stored = stored.exactly(value.type());
    }
    locals[slot] = value.fresh() < 0 ? stored : stored.freshFrom(value.fresh());
    if (value.isWide() && slot + 1 < locals.length) {
      locals[slot + 1] = null;
    }
  }

  /** Assigns a variable after saving what the stack still wants of its old value. */
  void assign(String name, String c) {
    stack.replaceAll(v -> v.fresh() < 0 && v.reads().contains(name) ? materialize(v) : v);
    if (!name.equals(c)) {
      out.put(name + " = " + c + ";");
    }
  }

  // ---- joins

  /** Everything where the code at {@code target} expects it. */
  void moveTo(int target) {
    StackMapFrameInfo frame = frame(target);
    moveStack(frame);
    moveLocals(frame, target);
  }

  private void moveStack(StackMapFrameInfo frame) {
    List<Value> from = new ArrayList<>(stack);
    for (int i = 0; i < from.size(); i++) {
      String to = place(i, from.get(i).kind());
      for (int j = i + 1; j < from.size(); j++) {
        if (from.get(j).reads().contains(to)) {
          from.set(j, materialize(from.get(j)));
        }
      }
    }
    for (int i = 0; i < from.size(); i++) {
      Value value = from.get(i);
      ClassDesc type = type(frame.stack().get(i), ConstantDescs.CD_Object);
      Assignments.check(program.world, value, type, "value of a conditional expression");
      if (value.constant() != null && value.type().isArray()) {
        program.escaped.add(value.constant());
      }
      String to = place(i, value.kind());
      declare(to, value.kind().c());
      if (!to.equals(value.c()) && !isFreshUnboxed(value)) {
        out.put(to + " = " + value.c() + ";");
      }
    }
  }

  private boolean isFreshUnboxed(Value value) {
    return value.fresh() >= 0 && program.world.isUnboxed(value.type());
  }

  private void moveLocals(StackMapFrameInfo frame, int target) {
    int slot = 0;
    for (VerificationTypeInfo wanted : frame.locals()) {
      Value value = slot < locals.length ? locals[slot] : null;
      if (wanted != SimpleVerificationTypeInfo.TOP && value != null) {
        ClassDesc type = type(wanted, value.isNull() ? ConstantDescs.CD_Object : value.type());
        if (wanted instanceof ObjectVerificationTypeInfo) {
          Assignments.check(program.world, value, type, "local variable");
        }
        String to = declaredVariable(slot, type, target);
        if (!to.equals(value.c()) && !isFreshUnboxed(value)) {
          out.put(to + " = " + value.c() + ";");
        }
      }
      slot += slots(wanted);
    }
  }

  /** Locals where the exception handler at {@code target} expects them. */
  void moveLocalsTo(int target) {
    moveLocals(frame(target), target);
  }

  /** Locals and stack as the stack map says. */
  void enter(int index) {
    StackMapFrameInfo frame = frame(index);
    java.util.Arrays.fill(locals, null);
    int slot = 0;
    for (VerificationTypeInfo info : frame.locals()) {
      if (info != SimpleVerificationTypeInfo.TOP) {
        ClassDesc type = type(info, Value.NULL);
        ClassDesc held = type.equals(Value.NULL) ? ConstantDescs.CD_Object : type;
        Value value =
            Value.variable(program.world.kind(held), type, declaredVariable(slot, held, index));
        locals[slot] = fresh(info, value);
      }
      slot += slots(info);
    }
    stack.clear();
    for (VerificationTypeInfo info : frame.stack()) {
      ClassDesc type = type(info, Value.NULL);
      Kind kind = type.equals(Value.NULL) ? Kind.REFERENCE : program.world.kind(type);
      String name = place(stack.size(), kind);
      declare(name, kind.c());
      stack.add(fresh(info, Value.variable(kind, type, name)));
    }
  }

  private Value fresh(VerificationTypeInfo info, Value value) {
    return info instanceof UninitializedVerificationTypeInfo uninitialized
        ? value.freshFrom(body.target(uninitialized.newTarget()))
        : value;
  }

  /** The exception on top of an empty stack, where the handler expects it. */
  static String caught() {
    return place(0, Kind.REFERENCE);
  }

  private static String place(int depth, Kind kind) {
    return "s"
        + depth
        + switch (kind) {
          case INT -> "i";
          case LONG -> "l";
          default -> "r";
        };
  }

  private StackMapFrameInfo frame(int index) {
    StackMapFrameInfo frame = body.frame(index);
    if (frame == null) {
      throw new IllegalStateException(method + ": no stack map at a branch target");
    }
    return frame;
  }

  private static int slots(VerificationTypeInfo info) {
    return info == SimpleVerificationTypeInfo.LONG || info == SimpleVerificationTypeInfo.DOUBLE
        ? 2
        : 1;
  }

  private ClassDesc type(VerificationTypeInfo info, ClassDesc ofNull) {
    return switch (info) {
      case ObjectVerificationTypeInfo object -> object.classSymbol();
      case UninitializedVerificationTypeInfo fresh -> newType(body.target(fresh.newTarget()));
      case SimpleVerificationTypeInfo simple ->
          switch (simple) {
            case INTEGER -> ConstantDescs.CD_int;
            case LONG -> ConstantDescs.CD_long;
            case NULL -> ofNull;
            case UNINITIALIZED_THIS -> method.owner().type();
            default -> throw new Unsupported("floating point", "EL2 code leaves FP to the guests");
          };
    };
  }

  private ClassDesc newType(int index) {
    return ((java.lang.classfile.instruction.NewObjectInstruction) body.instruction(index))
        .className()
        .asSymbol();
  }
}
