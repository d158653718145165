package ristretto.compiler.c;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.TreeSet;
import ristretto.compiler.check.Throws;
import ristretto.compiler.heap.Heap;
import ristretto.compiler.world.Calls;
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

  /** Linker symbols whose address is taken. */
  final Set<String> symbols = new TreeSet<>();

  /** Build-time arrays that code can store to, as far as we know. */
  final Set<Object> escaped = Collections.newSetFromMap(new IdentityHashMap<>());

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
}
