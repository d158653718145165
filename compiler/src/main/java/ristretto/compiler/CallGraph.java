package ristretto.compiler;

import java.util.List;

/** Who calls whom in the C file, in the order of the C names. */
public record CallGraph(List<Function> functions) {
  public CallGraph {
    functions = List.copyOf(functions);
  }

  /**
   * One C function.
   *
   * @param name the C name
   * @param javaName {@code package.Class.method}
   * @param callees C names, every possible target of a virtual call included
   * @param trapRoot the method is a {@code @TrapRoot}
   * @param exported assembly calls it by its C name
   */
  public record Function(
      String name, String javaName, List<String> callees, boolean trapRoot, boolean exported) {
    public Function {
      callees = List.copyOf(callees);
    }
  }
}
