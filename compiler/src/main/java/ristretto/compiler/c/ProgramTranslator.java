package ristretto.compiler.c;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import ristretto.compiler.CallGraph;
import ristretto.compiler.check.Throws;
import ristretto.compiler.check.TrapRules;
import ristretto.compiler.classfile.Body;
import ristretto.compiler.heap.BuildTime;
import ristretto.compiler.heap.Heap;
import ristretto.compiler.world.Calls;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.Reachability;
import ristretto.compiler.world.World;

/** From the exported methods to the text of the C file. */
public final class ProgramTranslator {
  private final World world;
  private final Heap heap;
  private final Reachability reachability;
  private final Intrinsics intrinsics = new Intrinsics();

  public ProgramTranslator(World world, BuildTime buildTime) {
    this.world = world;
    this.heap = new Heap(world, buildTime);
    this.reachability = new Reachability(world, heap, buildTime, this::isBuiltin);
  }

  private boolean isBuiltin(MethodInfo method) {
    return intrinsics.template(method) != null;
  }

  public TranslatedProgram translate(List<MethodInfo> roots) {
    reachability.run(roots);
    world.errors().throwIfAny();
    Calls calls = new Calls(world, this::isBuiltin);
    Throws exceptions = new Throws(reachability, calls);
    List<MethodInfo> methods = new ArrayList<>(reachability.methods());
    methods.sort(
        Comparator.comparing((MethodInfo m) -> m.owner().name())
            .thenComparing(MethodInfo::signature));
    exceptions.run(methods);
    Program program = new Program(world, heap, reachability, calls, exceptions, intrinsics);
    methods.forEach(program.names::function);
    Map<MethodInfo, Function> all = new LinkedHashMap<>();
    for (MethodInfo method : methods) {
      all.put(method, new Function(method));
    }
    // Where TPIDR_EL2 is set first: then its type is known where it is read.
    methods.stream()
        .filter(ProgramTranslator::setsCpuLocal)
        .forEach(m -> all.put(m, translate(program, m)));
    methods.stream().filter(m -> !setsCpuLocal(m)).forEach(m -> all.put(m, translate(program, m)));
    world.errors().throwIfAny();
    Map<MethodInfo, Function> called = called(all, roots);
    new TrapRules(called, world.errors()).check();
    world.errors().throwIfAny();
    String c = text(program, called);
    world.errors().throwIfAny();
    return new TranslatedProgram(c, callGraph(program, called), javaNames(program, called));
  }

  private static Function translate(Program program, MethodInfo method) {
    return new MethodTranslator(program, method, new CWriter()).translate();
  }

  private static boolean setsCpuLocal(MethodInfo method) {
    Body body = method.body();
    return IntStream.range(0, body.size())
        .mapToObj(body::instruction)
        .anyMatch(i ->
            i instanceof InvokeInstruction call
                && (call.owner().asInternalName() + "." + call.name())
                    .equals(Intrinsics.CPU_LOCAL_SET));
  }

  /** The translator sees more than the analysis did: functions that nothing calls are left out. */
  private static Map<MethodInfo, Function> called(
      Map<MethodInfo, Function> all, List<MethodInfo> roots) {
    Map<MethodInfo, Function> called = new LinkedHashMap<>();
    Deque<MethodInfo> work = new ArrayDeque<>(roots);
    Map<MethodInfo, Boolean> seen = new LinkedHashMap<>();
    while (!work.isEmpty()) {
      MethodInfo method = work.pop();
      Function function = all.get(method);
      if (function != null && seen.put(method, true) == null) {
        function.calls().forEach(c -> work.push(c.target()));
      }
    }
    all.forEach((method, function) -> {
      if (seen.containsKey(method)) {
        called.put(method, function);
      }
    });
    return called;
  }

  private String text(Program program, Map<MethodInfo, Function> functions) {
    HeapWriter heapWriter = new HeapWriter(program);
    List<FieldInfo> statics = new ArrayList<>(reachability.statics());
    statics.sort(Comparator.comparing(FieldInfo::toString));
    String data = heapWriter.text(statics);
    String tables = heapWriter.classTables();
    StringBuilder c = new StringBuilder();
    c.append("/* Translated from Java; see the #line directives. */\n").append(runtime());
    c.append(program.layouts.declarations()).append(data);
    c.append(program.types.declarations());
    Warmth warmth = new Warmth(functions);
    functions
        .values()
        .forEach(f -> c.append(warmth.attributes(f.method())).append(f.prototype()).append(";\n"));
    c.append(tables).append(program.dispatch.declarations());
    Set<MethodInfo> early = early(program, functions);
    c.append("#define CPU_LOCAL cpu_local_now\n");
    functions.values().stream()
        .filter(f -> early.contains(f.method()))
        .forEach(f -> c.append(f.text()));
    c.append("#undef CPU_LOCAL\n#define CPU_LOCAL cpu_local_kept\n");
    functions.values().stream()
        .filter(f -> !early.contains(f.method()))
        .forEach(f -> c.append(f.text()));
    return c.toString();
  }

  /** What can run, or be inlined into what runs, before TPIDR_EL2 is set. */
  private static Set<MethodInfo> early(Program program, Map<MethodInfo, Function> functions) {
    Set<MethodInfo> setting = new LinkedHashSet<>(program.cpuLocalSetters());
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Function function : functions.values()) {
        changed |=
            function.calls().stream().anyMatch(c -> setting.contains(c.target()))
                && setting.add(function.method());
      }
    }
    return called(functions, List.copyOf(setting)).keySet();
  }

  private static String runtime() {
    try (InputStream in = ProgramTranslator.class.getResourceAsStream("runtime.h")) {
      if (in == null) {
        throw new IllegalStateException("runtime.h is not in the compiler's jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CallGraph callGraph(Program program, Map<MethodInfo, Function> functions) {
    SortedMap<String, CallGraph.Function> nodes = new TreeMap<>();
    functions.forEach((method, function) -> {
      String name = program.names.function(method);
      List<String> callees =
          function.calls().stream()
              .map(call -> program.names.function(call.target()))
              .distinct()
              .sorted()
              .toList();
      nodes.put(
          name,
          new CallGraph.Function(
              name,
              method.javaName(),
              callees,
              method.has("TrapRoot"),
              method.exportedAs() != null));
    });
    return new CallGraph(new ArrayList<>(nodes.values()));
  }

  private static Map<String, String> javaNames(
      Program program, Map<MethodInfo, Function> functions) {
    Map<String, String> names = new TreeMap<>();
    functions.keySet().forEach(m -> names.put(program.names.function(m), m.javaName()));
    return names;
  }
}
