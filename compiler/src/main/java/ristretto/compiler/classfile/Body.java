package ristretto.compiler.classfile;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The instructions of one method by index, with what the class file says about them. */
public final class Body {
  /**
   * Instructions {@code from} to {@code to}, exclusive, are guarded; no type catches everything.
   */
  public record Handler(int from, int to, int target, @Nullable ClassDesc type) {
    public boolean covers(int index) {
      return from <= index && index < to;
    }
  }

  private record Local(int slot, int from, int to, String name, ClassDesc type) {}

  /** A name and declared type of a local variable. */
  public record Variable(String name, ClassDesc type) {}

  private final List<Instruction> instructions = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();
  private final Map<Integer, Integer> indexAtOffset = new HashMap<>();
  private final Map<Integer, StackMapFrameInfo> frames = new HashMap<>();
  private final List<Handler> handlers = new ArrayList<>();
  private final List<Local> locals = new ArrayList<>();
  private final CodeAttribute code;

  public Body(CodeAttribute code) {
    this.code = code;
    int offset = 0;
    int line = 0;
    for (CodeElement element : code) {
      switch (element) {
        case LineNumber number -> line = number.line();
        case Instruction instruction -> {
          indexAtOffset.put(offset, instructions.size());
          instructions.add(instruction);
          lines.add(line);
          offset += instruction.sizeInBytes();
        }
        default -> {}
      }
    }
    indexAtOffset.put(offset, instructions.size());
    for (CodeElement element : code) {
      switch (element) {
        case ExceptionCatch handler -> addHandler(handler);
        case LocalVariable v ->
            locals.add(
                new Local(
                    v.slot(),
                    target(v.startScope()),
                    target(v.endScope()),
                    v.name().stringValue(),
                    v.typeSymbol()));
        default -> {}
      }
    }
    code.findAttribute(Attributes.stackMapTable())
        .ifPresent(table -> table.entries().forEach(f -> frames.put(target(f.target()), f)));
  }

  /**
   * javac guards record accessors in patterns with a handler that makes a MatchException of
   * anything thrown; accessors of the image do not throw, so the handler is left out.
   */
  private void addHandler(ExceptionCatch handler) {
    int target = target(handler.handler());
    for (int i = target; i < Math.min(target + 3, instructions.size()); i++) {
      if (instructions.get(i) instanceof NewObjectInstruction made
          && made.className().asInternalName().equals("java/lang/MatchException")) {
        return;
      }
    }
    handlers.add(
        new Handler(
            target(handler.tryStart()),
            target(handler.tryEnd()),
            target,
            handler.catchType().map(c -> c.asSymbol()).orElse(null)));
  }

  public int size() {
    return instructions.size();
  }

  public Instruction instruction(int index) {
    return instructions.get(index);
  }

  public int line(int index) {
    return lines.get(index);
  }

  public int maxLocals() {
    return code.maxLocals();
  }

  /** Types of locals and stack where control flow joins; null elsewhere. */
  public @Nullable StackMapFrameInfo frame(int index) {
    return frames.get(index);
  }

  public List<Handler> handlers() {
    return handlers;
  }

  public int target(Label label) {
    Integer index = indexAtOffset.get(code.labelToBci(label));
    if (index == null) {
      throw new IllegalStateException("label inside an instruction");
    }
    return index;
  }

  /** The variable in {@code slot} when instruction {@code index} starts. */
  public @Nullable Variable variable(int slot, int index) {
    for (Local local : locals) {
      if (local.slot == slot && local.from <= index && index < local.to) {
        return new Variable(local.name, local.type);
      }
    }
    return null;
  }

  /**
   * The instructions that can run.
   *
   * @param mayThrow the instruction can throw an exception that a handler may catch
   * @param stops the instruction never completes
   * @param branch 1 the branch is always taken, 0 never, -1 unknown
   */
  public BitSet reachable(
      IntPredicate mayThrow, IntPredicate stops, java.util.function.IntUnaryOperator branch) {
    BitSet seen = new BitSet();
    Deque<Integer> work = new ArrayDeque<>();
    work.push(0);
    while (!work.isEmpty()) {
      int index = work.pop();
      if (seen.get(index)) {
        continue;
      }
      seen.set(index);
      if (mayThrow.test(index)) {
        handlers.stream().filter(h -> h.covers(index)).forEach(h -> work.push(h.target));
      }
      if (!stops.test(index)) {
        successors(index, branch.applyAsInt(index)).forEach(work::push);
      }
    }
    return seen;
  }

  private List<Integer> successors(int index, int taken) {
    List<Integer> next = new ArrayList<>();
    switch (instructions.get(index)) {
      case BranchInstruction b -> {
        boolean always = b.opcode() == Opcode.GOTO || b.opcode() == Opcode.GOTO_W || taken == 1;
        if (!always) {
          next.add(index + 1);
        }
        if (taken != 0) {
          next.add(target(b.target()));
        }
      }
      case TableSwitchInstruction s -> addCases(next, s.defaultTarget(), s.cases());
      case LookupSwitchInstruction s -> addCases(next, s.defaultTarget(), s.cases());
      case ReturnInstruction _, ThrowInstruction _ -> {}
      default -> next.add(index + 1);
    }
    return next;
  }

  private void addCases(List<Integer> next, Label defaultTarget, List<SwitchCase> cases) {
    next.add(target(defaultTarget));
    cases.forEach(c -> next.add(target(c.target())));
  }
}
