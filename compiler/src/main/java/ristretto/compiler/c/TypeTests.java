package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.World;

/**
 * Numbers of classes, and questions about them. The numbers follow a depth-first walk over the
 * subclasses, of which those with the same first interface are neighbours, so that "is a subclass"
 * and "implements" are most often one range comparison; other sets of classes are bits. Zero is no
 * class.
 */
final class TypeTests {
  private final World world;
  private final Map<ClassDesc, Integer> ids = new LinkedHashMap<>();
  private final List<BitSet> sets = new ArrayList<>();

  TypeTests(World world) {
    this.world = world;
    Map<ClassInfo, List<ClassInfo>> children = new HashMap<>();
    for (ClassInfo type : world.classes()) {
      ClassInfo superclass = type.superclass();
      if (superclass != null && !type.isInterface()) {
        children.computeIfAbsent(superclass, _ -> new ArrayList<>()).add(type);
      }
    }
    number(world.classInfo("java/lang/Object"), children);
    world.instantiated().stream().filter(ClassDesc::isArray).forEach(this::number);
  }

  private void number(ClassInfo type, Map<ClassInfo, List<ClassInfo>> children) {
    if (world.isInstantiated(type.type())) {
      number(type.type());
    }
    children.getOrDefault(type, List.of()).stream()
        .sorted(Comparator.comparing(TypeTests::firstInterface).thenComparing(ClassInfo::name))
        .forEach(child -> number(child, children));
  }

  private static String firstInterface(ClassInfo type) {
    return type.interfaces().isEmpty() ? "" : type.interfaces().getFirst().name();
  }

  private void number(ClassDesc type) {
    ids.put(type, ids.size() + 1);
  }

  int id(ClassDesc type) {
    Integer id = ids.get(type);
    if (id == null) {
      throw new IllegalStateException("no object of " + type.displayName());
    }
    return id;
  }

  int count() {
    return ids.size() + 1;
  }

  Map<ClassDesc, Integer> ids() {
    return ids;
  }

  /** C condition: the class {@code id} is {@code type} or below it. */
  String isInstance(String id, ClassDesc type) {
    return isOneOf(id, world.concreteSubtypes(type));
  }

  /** C condition: the class {@code id} is in the set. */
  String isOneOf(String id, List<ClassDesc> types) {
    BitSet set = new BitSet();
    types.forEach(t -> set.set(id(t)));
    if (set.isEmpty()) {
      return "0";
    }
    int low = set.nextSetBit(0);
    int high = set.length() - 1;
    if (low == high) {
      return "(" + id + " == " + low + ")";
    }
    if (set.cardinality() == high - low + 1) {
      return "((uint32_t)(" + id + " - " + low + ") <= " + (high - low) + ")";
    }
    if (!sets.contains(set)) {
      sets.add(set);
    }
    int index = sets.indexOf(set);
    return "(classes" + index / Byte.SIZE + "[" + id + "] & " + (1 << index % Byte.SIZE) + ")";
  }

  /** The sets that conditions have used: a byte for each class has the bits of up to eight. */
  String declarations() {
    StringBuilder c = new StringBuilder();
    for (int first = 0; first < sets.size(); first += Byte.SIZE) {
      c.append("static const uint8_t classes").append(first / Byte.SIZE);
      c.append("[").append(count()).append("] = {");
      for (int id = 1; id < count(); id++) {
        int bits = 0;
        for (int i = first; i < Math.min(sets.size(), first + Byte.SIZE); i++) {
          bits |= sets.get(i).get(id) ? 1 << i - first : 0;
        }
        if (bits != 0) {
          c.append("[").append(id).append("]=").append(bits).append(",");
        }
      }
      c.append("};\n");
    }
    return c.toString();
  }
}
