package ristretto.compiler.check;

import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.BitSet;
import java.util.Collection;
import ristretto.compiler.classfile.Body;
import ristretto.compiler.world.Calls;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.Reachability;

/**
 * Which methods an exception may leave. Whether a handler catches it is not looked at: a method
 * that catches everything it throws counts as one that throws, which costs one test a call.
 */
public final class Throws {
  private final Reachability reachability;
  private final Calls calls;

  public Throws(Reachability reachability, Calls calls) {
    this.reachability = reachability;
    this.calls = calls;
  }

  /** Marks the methods, to a fixed point: what throws makes its callers throw. */
  public void run(Collection<MethodInfo> methods) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (MethodInfo method : methods) {
        if (!method.mayThrow() && throwsSomewhere(method)) {
          method.markMayThrow();
          changed = true;
        }
      }
    }
  }

  /** The instructions that can run, given what can throw. */
  public BitSet live(MethodInfo method) {
    return method
        .body()
        .reachable(
            i -> throwsAt(method, i),
            i -> reachability.makesPanic(method, i),
            i -> reachability.branch(method, i));
  }

  /** The instruction throws, or calls a method that may. */
  public boolean throwsAt(MethodInfo method, int index) {
    Instruction instruction = method.body().instruction(index);
    return instruction instanceof ThrowInstruction
        || (instruction instanceof InvokeInstruction call
            && calls.targets(call, call.owner().asSymbol()).stream()
                .anyMatch(MethodInfo::mayThrow));
  }

  private boolean throwsSomewhere(MethodInfo method) {
    Body body = method.body();
    BitSet live = live(method);
    for (int i = live.nextSetBit(0); i >= 0 && i < body.size(); i = live.nextSetBit(i + 1)) {
      if (throwsAt(method, i)) {
        return true;
      }
    }
    return false;
  }
}
