package ristretto.compiler.c;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.heap.Heap;
import ristretto.compiler.heap.HeapObject;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.Kind;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.World;

/** Fields, arrays, allocation and type tests. */
final class Objects {
  /** Page 0 is not mapped: a field up to here needs no test for null. */
  private static final int NULL_PAGE = 4096;

  private final Program program;
  private final World world;
  private final MethodInfo method;
  private final State state;
  private final CWriter out;
  private final Function function;

  Objects(Program program, MethodInfo method, State state, CWriter out, Function function) {
    this.program = program;
    this.world = program.world;
    this.method = method;
    this.state = state;
    this.out = out;
    this.function = function;
  }

  // ---- constants

  /** A build-time value as a C constant. */
  Value constant(@Nullable Object value, ClassDesc declared) {
    ClassDesc type = State.stackType(declared);
    Kind kind = world.kind(declared);
    return switch (value) {
      case null ->
          kind == Kind.REFERENCE
              ? Value.literal(kind, world.isUnboxed(declared) ? type : Value.NULL, "NULL")
              : Value.literal(kind, type, "0");
      case Boolean b -> Value.literal(kind, type, b ? "1" : "0");
      case Character c -> Value.literal(kind, type, Integer.toString(c));
      case Number n when Heap.isPrimitive(n) ->
          Value.literal(
              kind,
              type,
              kind == Kind.LONG
                  ? Operators.longLiteral(n.longValue())
                  : Operators.intLiteral(n.intValue()));
      default -> {
        HeapObject object = program.heap.find(value);
        if (object == null) {
          throw new IllegalStateException("not in the image: " + value);
        }
        Value literal = Value.literal(kind, type, "&" + object.symbol());
        yield world.isUnboxed(declared) ? literal : literal.withConstant(value, object.type());
      }
    };
  }

  // ---- fields

  void field(FieldInstruction access) {
    FieldInfo field = world.field(access.owner().asSymbol(), access.name().stringValue());
    if (field == null) {
      throw new IllegalStateException("no field " + access.name());
    }
    switch (access.opcode()) {
      case GETSTATIC -> getStatic(field);
      case PUTSTATIC -> putStatic(field, state.pop());
      case GETFIELD -> get(field, state.popForReading());
      default -> {
        Value value = state.pop();
        put(field, state.popAtom(), value);
      }
    }
  }

  private void getStatic(FieldInfo field) {
    if (field.isFinal()) {
      state.push(constant(program.heap.staticValue(field), field.type()));
    } else {
      read(program.names.staticField(field), field);
    }
  }

  private void putStatic(FieldInfo field, Value value) {
    Assignments.check(world, value, field.type(), "field " + field.name());
    write(program.names.staticField(field), field, value);
  }

  private void get(FieldInfo field, Value object) {
    if (field.owner().isUnboxed()) {
      state.push(
          Value.of(object.kind(), State.stackType(field.type()), object.c(), object.reads()));
      return;
    }
    Object known = object.constant();
    if (known != null && field.isFinal()) {
      Object value = program.heap.fieldValue(known, field);
      if (value == null || Heap.isPrimitive(value) || program.heap.find(value) != null) {
        state.push(constant(value, field.type()));
        return;
      }
    }
    read(place(field, object), field);
  }

  private void put(FieldInfo field, Value object, Value value) {
    Assignments.check(world, value, field.type(), "field " + field.name());
    if (field.owner().isUnboxed()) {
      state.assign(state.local(0).c(), narrow(field.type(), value.c()));
      return;
    }
    boolean constructing =
        method.isConstructor()
            && method.owner() == field.owner()
            && object.c().equals(state.local(0).c());
    if (!constructing) {
      field.markChanged();
    }
    write(place(field, object), field, value);
  }

  private String place(FieldInfo field, Value object) {
    Layouts.Slot slot = program.layouts.slot(field);
    if (slot.offset() >= NULL_PAGE) {
      out.put("NONNULL(" + object.c() + ");");
    }
    return "((struct "
        + program.names.struct(field.owner())
        + " *)"
        + object.c()
        + ")->"
        + slot.name();
  }

  private void read(String place, FieldInfo field) {
    state.pushEvaluated(
        field.type(),
        field.isVolatile() ? "__atomic_load_n(&" + place + ", __ATOMIC_SEQ_CST)" : place);
  }

  private void write(String place, FieldInfo field, Value value) {
    out.put(
        field.isVolatile()
            ? "__atomic_store_n(&" + place + ", " + value.c() + ", __ATOMIC_SEQ_CST);"
            : place + " = " + value.c() + ";");
  }

  /** An int stored in a boolean, byte, char or short and read again. */
  private static String narrow(ClassDesc type, String c) {
    return switch (type.descriptorString()) {
      case "B" -> "(int32_t)(int8_t)(" + c + ")";
      case "C" -> "(int32_t)(uint16_t)(" + c + ")";
      case "S" -> "(int32_t)(int16_t)(" + c + ")";
      case "Z" -> "((" + c + ") & 1)";
      default -> c;
    };
  }

  // ---- allocation

  private void allocates(ClassDesc type, int line) {
    function
        .effects()
        .add(
            new Function.Effect(
                "allocates a " + type.displayName(),
                "make it at boot, or take it from a pool",
                line));
  }

  void make(NewObjectInstruction made, int index) {
    ClassInfo type = world.classInfo(made.className().asInternalName());
    String name = "u" + index;
    state.declare(name, program.layouts.variableType(type.type()));
    Kind kind = world.kind(type.type());
    if (!type.isUnboxed()) {
      allocates(type.type(), method.body().line(index));
      program.layouts.of(type);
      state.assign(
          name,
          "allocate("
              + program.types.id(type.type())
              + ", 0, sizeof(struct "
              + program.names.struct(type)
              + "))");
    }
    state.push(Value.variable(kind, type.type(), name).exactly(type.type()).freshFrom(index));
  }

  void makeArray(ClassDesc type, int line) {
    allocates(type, line);
    Value length = state.pop();
    state.pushEvaluated(
        type,
        "allocate_array("
            + program.types.id(type)
            + ", "
            + length.c()
            + ", "
            + program.layouts.size(type.componentType())
            + ")");
    exactTop(type);
  }

  /** Arrays of arrays, from the outermost: loops in C. */
  void makeMultiArray(ClassDesc type, int dimensions, int line) {
    allocates(type, line);
    Value[] lengths = new Value[dimensions];
    for (int i = dimensions - 1; i >= 0; i--) {
      lengths[i] = state.popAtom();
    }
    for (Value length : lengths) {
      out.put("CHECK(" + length.c() + " >= 0, FAULT_NEGATIVE_SIZE);");
    }
    String result = state.temporary("void *", "NULL");
    makeLevel(type, lengths, 0, result);
    state.push(Value.variable(Kind.REFERENCE, type, result).exactly(type));
  }

  private void makeLevel(ClassDesc type, Value[] lengths, int level, String into) {
    out.put(
        into
            + " = allocate_array("
            + program.types.id(type)
            + ", "
            + lengths[level].c()
            + ", "
            + program.layouts.size(type.componentType())
            + ");");
    if (level + 1 < lengths.length) {
      String i = "i" + level + into;
      String inner = "a" + level + into;
      out.put(
          "for (int32_t "
              + i
              + " = 0; "
              + i
              + " < "
              + lengths[level].c()
              + "; "
              + i
              + "++) { void *"
              + inner
              + ";");
      makeLevel(type.componentType(), lengths, level + 1, inner);
      out.put("((struct Array_L *)" + into + ")->at[" + i + "] = " + inner + "; }");
    }
  }

  private void exactTop(ClassDesc type) {
    state.places().set(state.depth() - 1, state.peek().exactly(type));
  }

  // ---- arrays

  private void bounds(Value array, Value index) {
    if (array.constant() == null) {
      out.put("BOUNDS(" + array.c() + ", " + index.c() + ");");
      return;
    }
    int length = java.lang.reflect.Array.getLength(array.constant());
    boolean fits = index.c().matches("[0-9]{1,9}") && Integer.parseInt(index.c()) < length;
    if (!fits) {
      out.put("CHECK((uint32_t)" + index.c() + " < " + length + "u, FAULT_BOUNDS);");
    }
  }

  private static ClassDesc element(Value array) {
    ClassDesc element = array.type().componentType();
    if (element == null) {
      throw new Unsupported("an array that is always null", "remove the access");
    }
    return element;
  }

  private String element(Value array, Value index) {
    return "((struct "
        + program.layouts.arrayStruct(array.type())
        + " *)"
        + array.c()
        + ")->at["
        + index.c()
        + "]";
  }

  void load() {
    Value index = state.popAtom();
    Value array = state.popForReading();
    ClassDesc type = element(array);
    bounds(array, index);
    state.pushEvaluated(type, element(array, index));
  }

  void store(ArrayStoreInstruction store) {
    Value value = state.pop();
    Value index = state.popAtom();
    Value array = state.popAtom();
    ClassDesc type = element(array);
    Assignments.check(world, value, type, "array element");
    bounds(array, index);
    Value stored = value;
    if (store.opcode() == Opcode.AASTORE && !world.isUnboxed(type) && !alwaysFits(array, value)) {
      stored = state.atom(value);
      out.put("CHECK(can_store(" + array.c() + ", " + stored.c() + "), FAULT_ARRAY_STORE);");
    }
    out.put(element(array, index) + " = " + stored.c() + ";");
  }

  /** Every array that this one may be takes the value. */
  private boolean alwaysFits(Value array, Value value) {
    if (value.isNull()) {
      return true;
    }
    List<ClassDesc> arrays =
        array.exact() ? List.of(array.type()) : world.concreteSubtypes(array.type());
    return arrays.stream()
        .allMatch(a ->
            world.isSubtype(value.type(), a.componentType())
                || world.concreteSubtypes(value.type()).stream()
                    .allMatch(v -> world.isSubtype(v, a.componentType())));
  }

  // ---- type tests

  void typeCheck(TypeCheckInstruction check) {
    ClassDesc type = check.type().asSymbol();
    Value value = state.pop();
    boolean cast = check.opcode() == Opcode.CHECKCAST;
    if (!value.type().equals(type)) {
      Assignments.check(world, value, type, cast ? "cast" : "instanceof");
    }
    if (cast) {
      state.push(cast(value, type));
    } else {
      test(value, type);
    }
  }

  private Value cast(Value value, ClassDesc type) {
    if (value.isNull() || world.isSubtype(value.type(), type)) {
      return value;
    }
    if (world.concreteSubtypes(value.type()).stream().allMatch(t -> world.isSubtype(t, type))) {
      return value.withType(type);
    }
    Value atom = state.atom(value);
    String fits = program.types.isInstance("ID(" + atom.c() + ")", type);
    out.put("CHECK(" + atom.c() + " == NULL || " + fits + ", FAULT_CAST);");
    return atom.withType(type);
  }

  private void test(Value value, ClassDesc type) {
    if (value.isNull()) {
      state.push(Value.literal(Kind.INT, ConstantDescs.CD_int, "0"));
      return;
    }
    boolean always =
        world.concreteSubtypes(value.type()).stream().allMatch(t -> world.isSubtype(t, type));
    Value atom = state.atom(value);
    String fits = always ? "1" : program.types.isInstance("ID(" + atom.c() + ")", type);
    state.pushEvaluated(ConstantDescs.CD_int, atom.c() + " != NULL && " + fits);
  }
}
