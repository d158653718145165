package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.World;

/**
 * C functions that pick the method of a virtual call by the receiver's class: up to {@link
 * #MOST_TESTS} methods by comparison, so that they can be inlined, more through a table.
 */
final class Dispatch {
  private static final int MOST_TESTS = 4;

  private final World world;
  private final Names names;
  private final Layouts layouts;
  private final TypeTests types;
  private final Map<String, String> functions = new LinkedHashMap<>();
  private final Set<MethodInfo> wrapped = new HashSet<>();
  private final StringBuilder wrappers = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final Intrinsics intrinsics;

  Dispatch(World world, Names names, Layouts layouts, TypeTests types, Intrinsics intrinsics) {
    this.intrinsics = intrinsics;
    this.world = world;
    this.names = names;
    this.layouts = layouts;
    this.types = types;
  }

  /** The name of the function for calls of {@code named} on a receiver of static type. */
  String function(ClassDesc receiver, MethodInfo named) {
    String key = receiver.descriptorString() + "." + named.signature();
    return functions.computeIfAbsent(
        key,
        _ -> {
          String name = "call" + functions.size() + "_" + Names.mangle(named.name());
          write(name, receiver, named);
          return name;
        });
  }

  private void write(String name, ClassDesc receiver, MethodInfo named) {
    Map<MethodInfo, List<ClassDesc>> targets = new LinkedHashMap<>();
    for (ClassDesc type : world.concreteSubtypes(receiver)) {
      MethodInfo selected = world.select(type, named.signature());
      if (selected != null) {
        targets.computeIfAbsent(selected, _ -> new ArrayList<>()).add(type);
      }
    }
    int count = named.type().parameterCount();
    String parameters =
        "void *p0"
            + IntStream.range(0, count)
                .mapToObj(i ->
                    ", " + layouts.variableType(named.type().parameterType(i)) + " p" + (i + 1))
                .collect(Collectors.joining());
    String arguments =
        IntStream.rangeClosed(0, count).mapToObj(i -> "p" + i).collect(Collectors.joining(", "));
    String result = layouts.variableType(named.type().returnType());
    // No copy in code that is made for size: there one function serves all callers.
    text.append("static inline __attribute__((nodebug)) ")
        .append(result)
        .append(" ")
        .append(name)
        .append("(")
        .append(parameters)
        .append(") {\n")
        .append("  uint32_t id = ((struct Object *)p0)->id;\n");
    String give = result.equals("void") ? "" : "return ";
    if (targets.size() <= MOST_TESTS) {
      writeTests(targets, give, arguments);
    } else {
      writeTable(targets, result, parameters, give, arguments);
    }
    text.append("}\n");
  }

  private void writeTests(Map<MethodInfo, List<ClassDesc>> targets, String give, String arguments) {
    int left = targets.size();
    // What seldom runs is asked for last, so that the others do not pay for the question.
    List<Map.Entry<MethodInfo, List<ClassDesc>>> order = new ArrayList<>(targets.entrySet());
    order.sort(Comparator.comparing(target -> Warmth.isCold(target.getKey())));
    for (Map.Entry<MethodInfo, List<ClassDesc>> entry : order) {
      left--;
      String call = give + function(entry.getKey()) + "(" + arguments + ");";
      if (left == 0) {
        text.append("  ").append(call).append("\n");
      } else {
        text.append("  if (")
            .append(types.isOneOf("id", entry.getValue()))
            .append(") { ")
            .append(call)
            .append(give.isEmpty() ? " return;" : "")
            .append(" }\n");
      }
    }
  }

  private void writeTable(
      Map<MethodInfo, List<ClassDesc>> targets,
      String result,
      String parameters,
      String give,
      String arguments) {
    int low = Integer.MAX_VALUE;
    for (List<ClassDesc> of : targets.values()) {
      for (ClassDesc type : of) {
        low = Math.min(low, types.id(type));
      }
    }
    text.append("  static ")
        .append(result)
        .append(" (*const table[])(")
        .append(parameters)
        .append(") = {");
    for (Map.Entry<MethodInfo, List<ClassDesc>> entry : targets.entrySet()) {
      for (ClassDesc type : entry.getValue()) {
        text.append("[")
            .append(types.id(type) - low)
            .append("]=(void *)")
            .append(function(entry.getKey()))
            .append(",");
      }
    }
    text.append("};\n  ")
        .append(give)
        .append("table[id - ")
        .append(low)
        .append("](")
        .append(arguments)
        .append(");\n");
  }

  /** The target; a method that the compiler writes itself becomes a function here. */
  private String function(MethodInfo target) {
    String template = intrinsics.template(target);
    String name = names.function(target);
    if (template == null || !wrapped.add(target)) {
      return name;
    }
    List<Value> values = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    List<ClassDesc> types = new ArrayList<>(List.of(target.owner().type()));
    types.addAll(target.type().parameterList());
    for (ClassDesc type : types) {
      String parameter = "p" + values.size();
      values.add(Value.variable(world.kind(type), type, parameter));
      parameters.add(layouts.variableType(type) + " " + parameter);
    }
    String result = layouts.variableType(target.type().returnType());
    wrappers
        .append("INLINE ")
        .append(result)
        .append(" ")
        .append(name)
        .append("(")
        .append(String.join(", ", parameters))
        .append(") { ")
        .append(result.equals("void") ? "" : "return ")
        .append(Invocations.fill(template.replaceFirst("^%", ""), values))
        .append("; }\n");
    return name;
  }

  String declarations() {
    return wrappers.append(text).toString();
  }
}
