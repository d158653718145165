package ristretto.compiler.c;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import ristretto.compiler.classfile.Body;
import ristretto.compiler.world.Kind;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.Site;

/** One method from bytecode to a C function. */
final class MethodTranslator {
  private final Program program;
  private final MethodInfo method;
  private final Body body;
  private final BitSet live;
  private final Function function;
  private final CWriter out;
  private final State state;
  private final Exceptions exceptions;
  private final Objects objects;
  private final Invocations invocations;
  private final List<String> parameters = new ArrayList<>();
  private int index;

  MethodTranslator(Program program, MethodInfo method, CWriter out) {
    this.program = program;
    this.method = method;
    this.body = method.body();
    this.live = program.exceptions.live(method);
    this.function = new Function(method);
    this.out = out;
    this.state = new State(program, method, out);
    this.exceptions = new Exceptions(program, method, state, out);
    this.objects = new Objects(program, method, state, out, function);
    this.invocations = new Invocations(program, method, state, out, function, exceptions);
  }

  Function translate() {
    try {
      enterParameters();
      boolean fallsIn = true;
      for (index = 0; index < body.size(); index++) {
        if (!live.get(index)) {
          fallsIn = false;
          continue;
        }
        out.at(method.owner().sourcePath(), body.line(index));
        if (body.frame(index) != null) {
          if (fallsIn) {
            state.moveTo(index);
          }
          state.enter(index);
          out.put("L" + index + ":;");
        }
        Instruction instruction = body.instruction(index);
        translate(instruction);
        fallsIn = !endsBlock(instruction);
      }
    } catch (Unsupported e) {
      program.world.errors().report(new Site(method, body.line(index)), e.what(), e.advice());
    }
    function.write(prototype(), text());
    return function;
  }

  private boolean endsBlock(Instruction instruction) {
    return switch (instruction) {
      case ReturnInstruction _,
          ThrowInstruction _,
          TableSwitchInstruction _,
          LookupSwitchInstruction _ ->
          true;
      case BranchInstruction b ->
          b.opcode() == Opcode.GOTO
              || b.opcode() == Opcode.GOTO_W
              || program.reachability.branch(method, index) == 1;
      default -> program.reachability.makesPanic(method, index);
    };
  }

  // ---- the frame of the function

  private void enterParameters() {
    int slot = 0;
    if (!method.isStatic()) {
      ClassDesc self = method.owner().type();
      String name = state.variable(0, self, 0);
      state.parameter(0, self, name);
      if (isUnboxedConstructor()) {
        state.declare(name, program.layouts.variableType(self));
      } else {
        addParameter(name, self);
      }
      slot = 1;
    }
    for (ClassDesc type : method.type().parameterArray()) {
      String name = state.variable(slot, State.stackType(type), 0);
      addParameter(name, type);
      state.parameter(slot, type, name);
      slot += TypeKind.from(type).slotSize();
    }
  }

  private void addParameter(String name, ClassDesc type) {
    state.markParameter(name);
    parameters.add(program.layouts.variableType(type) + " " + name);
  }

  private boolean isUnboxedConstructor() {
    return method.isConstructor() && method.owner().isUnboxed();
  }

  /** What the C function returns. */
  static ClassDesc result(MethodInfo method) {
    return method.isConstructor() && method.owner().isUnboxed()
        ? method.owner().type()
        : method.type().returnType();
  }

  private String prototype() {
    String attributes = "";
    if (method.exportedAs() == null) {
      attributes = "static ";
    }
    if (method.has("Inline") || isUnboxedConstructor()) {
      attributes += "inline ";
    }
    if (method.has("Cold")) {
      attributes += "__attribute__((noinline, cold)) ";
    }
    if (method.has("NoInline")) {
      attributes += "__attribute__((noinline)) ";
    }
    if (method.has("TrapRoot")) {
      // Its caller, the vector code, has saved every register: there is nothing to preserve.
      attributes += "__attribute__((preserve_none)) ";
    }
    return attributes
        + program.layouts.variableType(result(method))
        + " "
        + program.names.function(method)
        + "("
        + (parameters.isEmpty() ? "void" : String.join(", ", parameters))
        + ")";
  }

  /** The C function, declarations before statements. */
  private String text() {
    StringBuilder c = new StringBuilder();
    c.append("#line ")
        .append(body.line(0))
        .append(" \"")
        .append(method.owner().sourcePath())
        .append("\"\n")
        .append(prototype())
        .append(" {");
    for (Map.Entry<String, String> variable : state.declarations().entrySet()) {
      c.append(' ').append(variable.getValue()).append(' ').append(variable.getKey()).append(';');
    }
    return c.append('\n').append(out).append("}\n").toString();
  }

  // ---- instructions

  private void translate(Instruction instruction) {
    switch (instruction) {
      case LoadInstruction load -> load(load);
      case StoreInstruction store -> store(store);
      case IncrementInstruction increment -> increment(increment);
      case ConstantInstruction constant -> constant(constant);
      case OperatorInstruction operator -> Operators.apply(operator.opcode(), state);
      case ConvertInstruction convert -> Operators.convert(convert.opcode(), state);
      case StackInstruction shuffle -> StackShuffles.apply(shuffle.opcode(), state);
      case BranchInstruction branch -> branch(branch);
      case TableSwitchInstruction s -> switchOver(s.cases(), body.target(s.defaultTarget()));
      case LookupSwitchInstruction s -> switchOver(s.cases(), body.target(s.defaultTarget()));
      case ReturnInstruction give -> giveBack(give);
      case ThrowInstruction _ -> {
        function
            .effects()
            .add(
                new Function.Effect(
                    "throws an exception",
                    "answer with an error value: traps do not throw",
                    body.line(index)));
        exceptions.raise(state.pop(), index);
      }
      case FieldInstruction access -> objects.field(access);
      case InvokeInstruction call -> invocations.call(call, index);
      case NewObjectInstruction made -> {
        if (program.reachability.makesPanic(method, index)) {
          out.put("FAULT(FAULT_UNREACHABLE);");
        } else {
          objects.make(made, index);
        }
      }
      case NewReferenceArrayInstruction made ->
          objects.makeArray(made.componentType().asSymbol().arrayType(), line());
      case NewPrimitiveArrayInstruction made ->
          objects.makeArray(made.typeKind().upperBound().arrayType(), line());
      case NewMultiArrayInstruction made ->
          objects.makeMultiArray(made.arrayType().asSymbol(), made.dimensions(), line());
      case ArrayLoadInstruction _ -> objects.load();
      case ArrayStoreInstruction store -> objects.store(store);
      case TypeCheckInstruction check -> objects.typeCheck(check);
      case NopInstruction _ -> {}
      case InvokeDynamicInstruction indy -> throw dynamic(indy);
      case MonitorInstruction _ -> throw new Unsupported("synchronized", "use a SpinLock");
      default ->
          throw new Unsupported(
              "bytecode " + instruction.opcode(),
              "write it with what the image has (CONTRIBUTING.md, \"The language of the image\")");
    }
  }

  private int line() {
    return body.line(index);
  }

  private static Unsupported dynamic(InvokeDynamicInstruction indy) {
    String factory = indy.bootstrapMethod().owner().displayName();
    return switch (factory) {
      case "StringConcatFactory" ->
          new Unsupported(
              "string concatenation", "log with Log.info().text(...).dec(...).end() instead");
      case "ObjectMethods" ->
          new Unsupported(
              "the generated " + indy.name() + " of a record",
              "write the method, or compare the components");
      case "SwitchBootstraps" ->
          new Unsupported(
              "a switch over patterns", "use instanceof, or switch over an enum or an int");
      default -> new Unsupported("invokedynamic of " + factory, "write a named class");
    };
  }

  private void load(LoadInstruction load) {
    if (load.typeKind() == TypeKind.FLOAT || load.typeKind() == TypeKind.DOUBLE) {
      throw new Unsupported("floating point", "EL2 code leaves FP to the guests");
    }
    state.push(state.local(load.slot()));
  }

  private void store(StoreInstruction store) {
    state.store(store.slot(), state.pop(), index);
  }

  private void increment(IncrementInstruction increment) {
    Value old = state.local(increment.slot());
    state.store(
        increment.slot(),
        Value.of(
            Kind.INT,
            ConstantDescs.CD_int,
            "(" + old.c() + " + " + Operators.intLiteral(increment.constant()) + ")",
            old.reads()),
        index);
  }

  private void constant(ConstantInstruction constant) {
    switch (constant.constantValue()) {
      case Integer i ->
          state.push(Value.literal(Kind.INT, ConstantDescs.CD_int, Operators.intLiteral(i)));
      case Long l ->
          state.push(Value.literal(Kind.LONG, ConstantDescs.CD_long, Operators.longLiteral(l)));
      case String text -> state.push(objects.constant(text.intern(), ConstantDescs.CD_String));
      case Float _, Double _ ->
          throw new Unsupported("floating point", "EL2 code leaves FP to the guests");
      case ClassDesc type ->
          throw new Unsupported("the class literal " + type.displayName(), "use an enum");
      default -> {
        if (constant.opcode() != Opcode.ACONST_NULL) {
          throw new Unsupported("constant " + constant.constantValue(), "write it differently");
        }
        state.push(Value.literal(Kind.REFERENCE, Value.NULL, "NULL"));
      }
    }
  }

  // ---- control flow

  private void branch(BranchInstruction branch) {
    int target = body.target(branch.target());
    if (branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W) {
      jump(target);
      return;
    }
    String condition = Operators.condition(branch.opcode(), state, program.world);
    switch (program.reachability.branch(method, index)) {
      case 0 -> {}
      case 1 -> jump(target);
      default -> {
        out.put("if (" + condition + ") {");
        jump(target);
        out.put("}");
      }
    }
  }

  private void jump(int target) {
    state.moveTo(target);
    out.put("goto L" + target + ";");
  }

  private void switchOver(List<SwitchCase> cases, int defaultTarget) {
    String value = state.pop().c();
    out.put("switch (" + value + ") {");
    for (SwitchCase one : cases) {
      int target = body.target(one.target());
      if (target != defaultTarget) {
        out.put("case " + Operators.intLiteral(one.caseValue()) + ":");
        jump(target);
      }
    }
    out.put("default:");
    jump(defaultTarget);
    out.put("}");
  }

  private void giveBack(ReturnInstruction give) {
    if (give.opcode() != Opcode.RETURN) {
      Value value = state.pop();
      Assignments.check(program.world, value, method.type().returnType(), "result");
      out.put("return " + value.c() + ";");
    } else {
      out.put(isUnboxedConstructor() ? "return " + state.local(0).c() + ";" : "return;");
    }
  }
}
