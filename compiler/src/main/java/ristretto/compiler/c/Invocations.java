package ristretto.compiler.c;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.Kind;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.World;

/** Calls: direct, by class of the receiver, or the compiler's own code. */
final class Invocations {
  private final Program program;
  private final World world;
  private final MethodInfo method;
  private final State state;
  private final CWriter out;
  private final Function function;
  private final Exceptions exceptions;

  Invocations(
      Program program,
      MethodInfo method,
      State state,
      CWriter out,
      Function function,
      Exceptions exceptions) {
    this.program = program;
    this.world = program.world;
    this.method = method;
    this.state = state;
    this.out = out;
    this.function = function;
    this.exceptions = exceptions;
  }

  void call(InvokeInstruction call, int index) {
    MethodInfo named = program.calls.named(call);
    if (named == null) {
      cloneArray(call, index);
      return;
    }
    List<Value> arguments = popArguments(call, named);
    String template = program.intrinsics.template(named);
    if (template != null) {
      intrinsic(named, template, arguments);
    } else if (named.isConstructor()) {
      construct(named, arguments, index);
    } else {
      invoke(call, named, arguments, index);
    }
  }

  private List<Value> popArguments(InvokeInstruction call, MethodInfo named) {
    Value[] values = new Value[named.type().parameterCount()];
    for (int i = values.length - 1; i >= 0; i--) {
      values[i] = state.pop();
      Assignments.check(
          world,
          values[i],
          named.type().parameterType(i),
          "argument " + (i + 1) + " of " + named.name());
    }
    List<Value> all = new ArrayList<>();
    if (call.opcode() != Opcode.INVOKESTATIC) {
      all.add(receiver(call, named));
    }
    all.addAll(Arrays.asList(values));
    return all;
  }

  private Value receiver(InvokeInstruction call, MethodInfo named) {
    Value receiver = state.pop();
    if (!receiver.isNull()
        && world.isUnboxed(receiver.type())
        && !named.owner().isUnboxed()
        && !(named.isConstructor() && method.isConstructor())) {
      throw new Unsupported(
          "the @Unboxed "
              + receiver.type().displayName()
              + " is used as "
              + call.owner().asSymbol().displayName()
              + " to call "
              + named.name(),
          "give the record a method of its own");
    }
    return receiver;
  }

  // ---- methods with code

  private void invoke(InvokeInstruction call, MethodInfo named, List<Value> arguments, int index) {
    List<MethodInfo> targets = List.of(named);
    ClassDesc receiver = call.owner().asSymbol();
    if (!program.calls.isDirect(call, named)) {
      Value self = arguments.getFirst();
      receiver = receiverType(self, receiver);
      targets = self.exact() ? selected(self.type(), named) : program.calls.targets(call, receiver);
    }
    if (targets.isEmpty()) {
      // No object of such a class exists: only null can come here.
      out.put("NONNULL(" + arguments.getFirst().c() + ");");
      pushZero(named.type().returnType());
      return;
    }
    String template = program.intrinsics.template(targets.getFirst());
    if (targets.size() == 1 && template != null) {
      intrinsic(targets.getFirst(), template, arguments);
      return;
    }
    noteCalls(targets, index);
    String callee =
        targets.size() == 1
            ? program.names.function(targets.getFirst())
            : program.dispatch.function(receiver, named);
    emit(callee, named.type().returnType(), arguments);
    testException(targets, index);
  }

  private ClassDesc receiverType(Value self, ClassDesc named) {
    return !self.isNull() && world.isSubtype(self.type(), named) ? self.type() : named;
  }

  private List<MethodInfo> selected(ClassDesc type, MethodInfo named) {
    MethodInfo selected = world.select(type, named.signature());
    return selected == null ? List.of() : List.of(selected);
  }

  private void noteCalls(List<MethodInfo> targets, int index) {
    targets.forEach(t -> function.calls().add(new Function.Call(t, method.body().line(index))));
  }

  private void emit(String callee, ClassDesc result, List<Value> arguments) {
    String c =
        callee + "(" + arguments.stream().map(Value::c).collect(Collectors.joining(", ")) + ")";
    if (world.kind(result) == Kind.VOID) {
      out.put(c + ";");
    } else {
      state.pushEvaluated(result, c);
    }
  }

  private void testException(List<MethodInfo> targets, int index) {
    if (targets.stream().anyMatch(MethodInfo::mayThrow)) {
      exceptions.test(index);
    }
  }

  private void pushZero(ClassDesc type) {
    Kind kind = world.kind(type);
    if (kind != Kind.VOID) {
      state.push(Value.literal(kind, State.stackType(type), "0"));
    }
  }

  // ---- constructors

  private void construct(MethodInfo constructor, List<Value> arguments, int index) {
    Value self = arguments.getFirst();
    noteCalls(List.of(constructor), index);
    if (constructor.owner().isUnboxed()) {
      String made = self.c();
      List<Value> values = arguments.subList(1, arguments.size());
      String c =
          program.names.function(constructor)
              + "("
              + values.stream().map(Value::c).collect(Collectors.joining(", "))
              + ")";
      state.assign(made, c);
    } else {
      emit(program.names.function(constructor), ConstantDescs.CD_void, arguments);
    }
    testException(List.of(constructor), index);
    complete(self);
  }

  private void complete(Value self) {
    if (self.fresh() < 0) {
      return;
    }
    ClassInfo type = world.classInfo(self.type());
    if (!type.isUnboxed() && type.allInstanceFields().stream().anyMatch(FieldInfo::isFinal)) {
      // Final fields are visible to whoever sees the object: JLS 17.5.
      out.put("__atomic_thread_fence(__ATOMIC_RELEASE);");
    }
    Value value = Value.variable(self.kind(), self.type(), self.c());
    state.initialized(self.fresh(), type.isUnboxed() ? value : value.exactly(self.type()));
  }

  // ---- the compiler's own code

  private void intrinsic(MethodInfo named, String template, List<Value> arguments) {
    if (!named.owner().isApplication() && !named.owner().allInstanceFields().isEmpty()) {
      program.layouts.of(named.owner()); // the template names its struct
    }
    if (template.equals(Intrinsics.SPECIAL)) {
      special(named, arguments);
    } else {
      boolean plain = template.startsWith("%");
      List<Value> values = plain ? arguments : arguments.stream().map(state::atomOrSum).toList();
      String c = fill(plain ? template.substring(1) : template, values);
      ClassDesc result = named.type().returnType();
      if (world.kind(result) == Kind.VOID) {
        out.put(c + ";");
      } else if (plain) {
        state.push(
            Value.of(
                world.kind(result),
                State.stackType(result),
                "(" + c + ")",
                Value.union(values.toArray(Value[]::new))));
      } else {
        state.pushEvaluated(result, c);
      }
    }
    if (named.isConstructor() && !arguments.isEmpty()) {
      complete(arguments.getFirst());
    }
  }

  static String fill(String template, List<Value> values) {
    String c = template;
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      Value.Sum sum = value.sum();
      String pair = sum == null ? value.c() + ", 0" : sum.base() + ", " + sum.offset();
      c = c.replace("@" + i, pair).replace("$" + i, value.c());
    }
    return c;
  }

  private void special(MethodInfo named, List<Value> arguments) {
    switch (named.owner().simpleName() + "." + named.name()) {
      case "Integer.compare" -> compare(arguments, "int32_t");
      case "Long.compare" -> compare(arguments, "int64_t");
      case "Integer.compareUnsigned" -> compare(arguments, "uint32_t");
      case "Long.compareUnsigned" -> compare(arguments, "uint64_t");
      case "SysReg.read" ->
          state.pushEvaluated(
              ConstantDescs.CD_long,
              "({ int64_t value; __asm__ volatile(\"mrs %0, "
                  + register(arguments.getFirst())
                  + "\" : \"=r\"(value)); value; })");
      case "SysReg.write" ->
          out.put(
              "__asm__ volatile(\"msr "
                  + register(arguments.getFirst())
                  + ", %0\" :: \"rZ\"("
                  + arguments.get(1).c()
                  + ") : \"memory\");");
      case "CpuLocal.get" -> {
        state.pushEvaluated(program.cpuLocalType(), "CPU_LOCAL()");
      }
      case "CpuLocal.set" -> {
        program.setsCpuLocal(method, arguments.getFirst().type());
        out.put(
            "__asm__ volatile(\"msr tpidr_el2, %0\" :: \"r\"("
                + arguments.getFirst().c()
                + ") : \"memory\");");
      }
      case "ImageSymbol.address" -> symbol(arguments.getFirst());
      case "Objects.requireNonNull" -> {
        Value value = state.atom(arguments.getFirst());
        out.put("NONNULL(" + value.c() + ");");
        state.push(value);
      }
      case "Objects.checkIndex" -> {
        Value at = state.atom(arguments.getFirst());
        out.put(
            "CHECK((uint32_t)"
                + at.c()
                + " < (uint32_t)"
                + arguments.get(1).c()
                + ", FAULT_BOUNDS);");
        state.push(at);
      }
      case "System.arraycopy" -> copyArray(arguments);
      case "Arrays.fill" -> fillArray(arguments);
      default -> throw new IllegalStateException("no code for " + named);
    }
  }

  private void compare(List<Value> arguments, String type) {
    state.places().addAll(arguments);
    Operators.compare(state, type);
  }

  /** The S3_op1_Cn_Cm_op2 name: any assembler knows it. */
  private String register(Value receiver) {
    int encoding = (Integer) constantField(receiver, "encoding", "system register");
    return "S%d_%d_C%d_C%d_%d"
        .formatted(
            encoding >> 14,
            encoding >> 11 & 7,
            encoding >> 7 & 15,
            encoding >> 3 & 15,
            encoding & 7);
  }

  private void symbol(Value receiver) {
    String symbol = (String) constantField(receiver, "symbol", "image symbol");
    state.push(
        Value.literal(Kind.LONG, ConstantDescs.CD_long, "LINKER_SYMBOL(\"" + symbol + "\")"));
  }

  private Object constantField(Value receiver, String name, String what) {
    FieldInfo field = world.classInfo(receiver.type()).field(name);
    Object object = receiver.constant();
    Object value = object == null || field == null ? null : program.heap.fieldValue(object, field);
    if (value == null) {
      throw new Unsupported(
          "the " + what + " is not a constant",
          "name it at the call, as in SysReg.HCR_EL2.read(): it is part of the instruction");
    }
    return value;
  }

  // ---- whole arrays

  private static @Nullable ClassDesc elementType(Value array) {
    return array.type().isArray() ? array.type().componentType() : null;
  }

  private void copyArray(List<Value> arguments) {
    ClassDesc from = elementType(arguments.get(0));
    ClassDesc to = elementType(arguments.get(2));
    if (from == null || to == null || !from.equals(to)) {
      throw new Unsupported(
          "System.arraycopy between arrays whose types differ or are not known", "use a loop");
    }
    out.put(
        "array_copy((void *)%s, %s, (void *)%s, %s, %s, %d);"
            .formatted(
                arguments.get(0).c(),
                arguments.get(1).c(),
                arguments.get(2).c(),
                arguments.get(3).c(),
                arguments.get(4).c(),
                program.layouts.size(from)));
  }

  private void fillArray(List<Value> arguments) {
    if (arguments.size() != 2) {
      throw new Unsupported("Arrays.fill of a range", "use a loop");
    }
    Value array = state.atom(arguments.get(0));
    Value value = state.atom(arguments.get(1));
    out.put(
        "for (uint32_t i = 0; i < LENGTH("
            + array.c()
            + "); i++) ((struct "
            + program.layouts.arrayStruct(array.type())
            + " *)"
            + array.c()
            + ")->at[i] = "
            + value.c()
            + ";");
  }

  private void cloneArray(InvokeInstruction call, int index) {
    if (!call.name().equalsString("clone")) {
      throw new Unsupported("calling " + call.name() + " of an array", "use a loop");
    }
    if (isValuesOfEnum()) {
      return; // the constants themselves: a store to that array is a fault, not a surprise
    }
    Value array = state.popAtom();
    ClassDesc element = array.type().componentType();
    function
        .effects()
        .add(
            new Function.Effect(
                "clones an array", "make it at boot, or copy into one", method.body().line(index)));
    state.pushEvaluated(
        array.type(),
        "array_clone((void *)" + array.c() + ", " + program.layouts.size(element) + ")");
  }

  private boolean isValuesOfEnum() {
    ClassInfo superclass = method.owner().superclass();
    return method.name().equals("values")
        && method.isStatic()
        && superclass != null
        && superclass.name().equals("java/lang/Enum");
  }
}
