package ristretto.compiler.world;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which methods a call can run, once the world is closed. */
public final class Calls {
  private final World world;
  private final Predicate<MethodInfo> builtin;

  public Calls(World world, Predicate<MethodInfo> builtin) {
    this.world = world;
    this.builtin = builtin;
  }

  /** The method that the instruction names; null for a method of an array. */
  public @Nullable MethodInfo named(InvokeInstruction call) {
    ClassDesc owner = call.owner().asSymbol();
    return owner.isArray() ? null : world.classInfo(owner).resolve(signature(call));
  }

  /** The method needs no look at the receiver's class. */
  public boolean isDirect(InvokeInstruction call, MethodInfo named) {
    return call.opcode() == Opcode.INVOKESTATIC
        || call.opcode() == Opcode.INVOKESPECIAL
        || named.isPrivate()
        || named.isConstructor()
        || world.isUnboxed(call.owner().asSymbol())
        || builtin.test(named);
  }

  /**
   * Every method that can run.
   *
   * @param receiver static type of the receiver, at least as precise as the instruction's
   */
  public List<MethodInfo> targets(InvokeInstruction call, ClassDesc receiver) {
    MethodInfo named = named(call);
    if (named == null) {
      return List.of();
    }
    if (isDirect(call, named)) {
      return List.of(named);
    }
    Set<MethodInfo> targets = new LinkedHashSet<>();
    for (ClassDesc type : world.concreteSubtypes(receiver)) {
      MethodInfo selected = world.select(type, signature(call));
      if (selected != null) {
        targets.add(selected);
      }
    }
    return new ArrayList<>(targets);
  }

  public static String signature(InvokeInstruction call) {
    return call.name().stringValue() + call.type().stringValue();
  }
}
