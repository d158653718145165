package ristretto.compiler.c;

import java.util.ArrayList;
import java.util.List;
import ristretto.compiler.world.MethodInfo;

/** A translated method: its C text, what it calls, and what a trap must not do. */
public final class Function {
  /** A call of {@code target} in a line. */
  public record Call(MethodInfo target, int line) {}

  /** Something forbidden below a {@code @TrapRoot}: "allocates a Foo", with what to do instead. */
  public record Effect(String what, String advice, int line) {}

  private final MethodInfo method;
  private final List<Call> calls = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private String prototype = "";
  private String text = "";

  Function(MethodInfo method) {
    this.method = method;
  }

  public MethodInfo method() {
    return method;
  }

  public List<Call> calls() {
    return calls;
  }

  public List<Effect> effects() {
    return effects;
  }

  String prototype() {
    return prototype;
  }

  String text() {
    return text;
  }

  void write(String newPrototype, String newText) {
    prototype = newPrototype;
    text = newText;
  }
}
