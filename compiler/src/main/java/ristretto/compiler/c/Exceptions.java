package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import ristretto.compiler.classfile.Body;
import ristretto.compiler.world.Kind;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.World;

/**
 * Exceptions of boot code: the one on its way is in {@code pending}; each call that may throw is
 * followed by a test, and a method left by an exception returns zero. Traps do not throw.
 */
final class Exceptions {
  private final Program program;
  private final MethodInfo method;
  private final State state;
  private final CWriter out;

  Exceptions(Program program, MethodInfo method, State state, CWriter out) {
    this.program = program;
    this.method = method;
    this.state = state;
    this.out = out;
  }

  /** {@code athrow}. */
  void raise(Value exception, int index) {
    Value thrown = state.atom(exception);
    out.put("NONNULL(" + thrown.c() + "); pending = (void *)" + thrown.c() + ";");
    handle(index);
  }

  /** After a call that may have thrown. */
  void test(int index) {
    out.put("if (unlikely(pending != NULL)) {");
    handle(index);
    out.put("}");
  }

  /** To the handlers around {@code index} in their order, else out of the function. */
  private void handle(int index) {
    for (Body.Handler handler : method.body().handlers()) {
      if (!handler.covers(index)) {
        continue;
      }
      if (handler.type() == null || isThrowable(handler.type())) {
        enter(handler.target());
        return;
      }
      out.put("if (" + program.types.isInstance("pending->id", handler.type()) + ") {");
      enter(handler.target());
      out.put("}");
    }
    leave();
  }

  private static boolean isThrowable(ClassDesc type) {
    return type.descriptorString().equals("Ljava/lang/Throwable;");
  }

  private void enter(int target) {
    state.moveLocalsTo(target);
    state.declare(State.caught(), Kind.REFERENCE.c());
    out.put(State.caught() + " = pending; pending = NULL; goto L" + target + ";");
  }

  private void leave() {
    if (method.exportedAs() != null) {
      out.put("uncaught(class_name(pending->id), exception_message(pending));");
      return;
    }
    ClassDesc result = MethodTranslator.result(method);
    World world = program.world;
    out.put(world.kind(result) == Kind.VOID ? "return;" : "return 0;");
  }
}
