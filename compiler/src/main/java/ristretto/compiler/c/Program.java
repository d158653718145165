package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.check.Throws;
import ristretto.compiler.heap.Heap;
import ristretto.compiler.world.Calls;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.Reachability;
import ristretto.compiler.world.World;

/** What the translation of every method shares. */
final class Program {
  final World world;
  final Heap heap;
  final Reachability reachability;
  final Calls calls;
  final Throws exceptions;
  final Intrinsics intrinsics;
  final Names names = new Names();
  final Layouts layouts;
  final TypeTests types;
  final Dispatch dispatch;

  /** Build-time arrays that code can store to, as far as we know. */
  final Set<Object> escaped = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<MethodInfo> cpuLocalSetters = new LinkedHashSet<>();
  private @Nullable ClassDesc cpuLocalType;

  Program(
      World world,
      Heap heap,
      Reachability reachability,
      Calls calls,
      Throws exceptions,
      Intrinsics intrinsics) {
    this.world = world;
    this.heap = heap;
    this.reachability = reachability;
    this.calls = calls;
    this.exceptions = exceptions;
    this.intrinsics = intrinsics;
    this.layouts = new Layouts(world, names);
    this.types = new TypeTests(world);
    this.dispatch = new Dispatch(world, names, layouts, types, intrinsics);
  }

  /** {@code method} stores an object of that type in TPIDR_EL2. */
  void setsCpuLocal(MethodInfo method, ClassDesc type) {
    boolean other = cpuLocalType != null && !cpuLocalType.equals(type);
    cpuLocalType = other ? ConstantDescs.CD_Object : type;
    cpuLocalSetters.add(method);
  }

  Set<MethodInfo> cpuLocalSetters() {
    return cpuLocalSetters;
  }

  /** The type of what TPIDR_EL2 refers to; known once the methods that set it are translated. */
  ClassDesc cpuLocalType() {
    return cpuLocalType == null ? ConstantDescs.CD_Object : cpuLocalType;
  }
}
