package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.World;

/**
 * Where the fields of an object are. An object starts with {@code struct Object}, its class and,
 * for an array, its length; a subclass's fields follow its superclass's, the widest first.
 */
final class Layouts {
  static final int HEADER_SIZE = 8;

  /** A field's place: name in the struct, C type, offset in bytes. */
  record Slot(FieldInfo field, String name, String cType, int offset) {}

  /** An object's fields in order of offset. */
  record Layout(Map<FieldInfo, Slot> slots, int size) {}

  private final World world;
  private final Names names;
  private final Map<String, Layout> layouts = new TreeMap<>();

  Layouts(World world, Names names) {
    this.world = world;
    this.names = names;
  }

  Layout of(ClassInfo type) {
    Layout known = layouts.get(type.name());
    if (known == null) {
      known = lay(type);
      layouts.put(type.name(), known);
    }
    return known;
  }

  private Layout lay(ClassInfo type) {
    Map<FieldInfo, Slot> slots = new LinkedHashMap<>();
    int offset = HEADER_SIZE;
    ClassInfo superclass = type.superclass();
    if (superclass != null) {
      Layout inherited = of(superclass);
      slots.putAll(inherited.slots);
      offset = inherited.slots.isEmpty() ? HEADER_SIZE : inherited.size;
    }
    Set<String> taken = new HashSet<>();
    slots.values().forEach(s -> taken.add(s.name));
    List<FieldInfo> own = new ArrayList<>(type.instanceFields());
    own.sort(Comparator.comparingInt((FieldInfo f) -> -size(f.type())));
    for (FieldInfo field : own) {
      int size = size(field.type());
      offset = (offset + size - 1) / size * size;
      String name = "f_" + Names.mangle(field.name());
      while (!taken.add(name)) {
        name += "_";
      }
      slots.put(field, new Slot(field, name, memoryType(field.type()), offset));
      offset += size;
    }
    return new Layout(slots, offset);
  }

  Slot slot(FieldInfo field) {
    Slot slot = of(field.owner()).slots.get(field);
    if (slot == null) {
      throw new IllegalStateException("no place for " + field);
    }
    return slot;
  }

  int size(ClassDesc type) {
    return switch (world.erase(type).descriptorString().charAt(0)) {
      case 'Z', 'B' -> 1;
      case 'C', 'S' -> 2;
      case 'I' -> 4;
      default -> 8;
    };
  }

  /** The C type of a field or element. */
  String memoryType(ClassDesc type) {
    ClassDesc held = world.erase(type);
    return switch (held.descriptorString().charAt(0)) {
      case 'Z' -> "uint8_t";
      case 'B' -> "int8_t";
      case 'C' -> "uint16_t";
      case 'S' -> "int16_t";
      case 'I' -> "int32_t";
      case 'J' -> "int64_t";
      default -> referenceType(held);
    };
  }

  /** The C type of a local variable, parameter or result. */
  String variableType(ClassDesc type) {
    ClassDesc held = world.erase(type);
    return held.isPrimitive() ? world.kind(held).c() : referenceType(held);
  }

  /** A pointer type that a debugger can follow. */
  private String referenceType(ClassDesc type) {
    if (type.isArray()) {
      return "struct " + arrayStruct(type) + " *";
    }
    ClassInfo info = world.classInfo(type);
    return info.isInterface() || type.descriptorString().equals("Ljava/lang/Object;")
        ? "struct Object *"
        : "struct " + names.struct(info) + " *";
  }

  /** The struct of arrays with such elements. */
  String arrayStruct(ClassDesc arrayType) {
    ClassDesc element = world.erase(arrayType.componentType());
    return element.isPrimitive() ? "Array_" + element.descriptorString() : "Array_L";
  }

  String declarations() {
    StringBuilder c = new StringBuilder();
    for (Map.Entry<String, Layout> entry : layouts.entrySet()) {
      ClassInfo type = world.classInfo(entry.getKey());
      if (type.name().equals("java/lang/String")) {
        continue; // the runtime declares it
      }
      c.append("struct ").append(names.struct(type)).append(" { struct Object object;");
      entry.getValue().slots.values().stream()
          .sorted(Comparator.comparingInt(Slot::offset))
          .forEach(s -> c.append(' ').append(s.cType).append(' ').append(s.name).append(';'));
      c.append(" };\n");
    }
    return c.toString();
  }
}
