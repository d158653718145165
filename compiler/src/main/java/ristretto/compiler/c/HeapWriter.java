package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Array;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.heap.Heap;
import ristretto.compiler.heap.HeapObject;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.World;

/**
 * Build-time objects and static fields as C data. An object that nothing changes is {@code const}:
 * it goes to read-only memory and the C compiler folds through it.
 */
final class HeapWriter {
  private final Program program;
  private final World world;
  private final Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());

  HeapWriter(Program program) {
    this.program = program;
    this.world = program.world;
  }

  /** Declarations of the structs of arrays and strings, then all data. */
  String text(Iterable<FieldInfo> statics) {
    StringBuilder structs = new StringBuilder();
    StringBuilder declarations = new StringBuilder();
    StringBuilder definitions = new StringBuilder();
    EmptyArrays empty = new EmptyArrays();
    Set<String> sized = new TreeSet<>();
    for (HeapObject object : program.heap.objects()) {
      noteShared(object);
    }
    for (FieldInfo field : statics) {
      Object value = field.isFinal() ? null : program.heap.staticValue(field);
      if (value != null) {
        shared.add(value);
      }
    }
    for (HeapObject object : program.heap.objects()) {
      String type = struct(object, sized);
      String head = "static " + (isConstant(object) ? "const " : "") + type + " " + object.symbol();
      declarations.append(head).append(";\n");
      if (!isConstant(object) && EmptyArrays.isOne(object)) {
        empty.add(object, program.types.id(object.type()));
      } else {
        definitions.append(head).append(" = ").append(initializer(object)).append(";\n");
      }
    }
    sized.forEach(s -> structs.append(s).append('\n'));
    for (FieldInfo field : statics) {
      if (!field.isFinal()) {
        definitions.append(staticField(field));
      }
    }
    return structs.append(declarations).append(definitions).append(empty.text()).toString();
  }

  private String staticField(FieldInfo field) {
    return "static "
        + program.layouts.memoryType(field.type())
        + " "
        + program.names.staticField(field)
        + " = "
        + literal(program.heap.staticValue(field))
        + ";\n";
  }

  /**
   * Arrays that an object or a variable refers to can be reached in ways that the translator did
   * not see.
   */
  private void noteShared(HeapObject object) {
    if (object.value() instanceof Object[] array) {
      Collections.addAll(shared, array);
    } else if (isPlain(object)) {
      for (FieldInfo field : world.classInfo(object.type()).allInstanceFields()) {
        Object value = field.isRead() ? program.heap.fieldValue(object.value(), field) : null;
        if (value != null) {
          shared.add(value);
        }
      }
    }
  }

  private static boolean isPlain(HeapObject object) {
    return !object.type().isArray() && !(object.value() instanceof String);
  }

  private boolean isConstant(HeapObject object) {
    if (object.value() instanceof String || object.origin().endsWith(".$VALUES")) {
      return true;
    }
    if (object.type().isArray()) {
      return object.origin().contains(".$SwitchMap$")
          || (!shared.contains(object.value()) && !program.escaped.contains(object.value()));
    }
    return world.classInfo(object.type()).allInstanceFields().stream()
        .allMatch(f -> f.isFinal() || (f.owner().isApplication() && !f.isChanged()));
  }

  private String struct(HeapObject object, Set<String> sized) {
    if (object.value() instanceof String text) {
      String name = "struct String_" + text.length();
      sized.add(name + " { struct Object object; uint8_t text[" + text.length() + "]; };");
      return name;
    }
    if (object.type().isArray()) {
      int length = Array.getLength(object.value());
      String of = program.layouts.arrayStruct(object.type());
      String name = "struct " + of + "_" + length;
      String element =
          of.equals("Array_L")
              ? "void *"
              : program.layouts.memoryType(object.type().componentType());
      sized.add(name + " { struct Object object; " + element + " at[" + length + "]; };");
      return name;
    }
    ClassInfo type = world.classInfo(object.type());
    program.layouts.of(type);
    return "struct " + program.names.struct(type);
  }

  private String initializer(HeapObject object) {
    int id = program.types.id(object.type());
    if (object.value() instanceof String text) {
      return "{{" + id + ", " + text.length() + "}, {" + characters(text, object) + "}}";
    }
    if (object.type().isArray()) {
      int length = Array.getLength(object.value());
      String elements =
          IntStream.range(0, length)
              .mapToObj(i -> literal(element(object, i)))
              .collect(Collectors.joining(", "));
      return "{{" + id + ", " + length + "}, {" + elements + "}}";
    }
    return "{{" + id + ", 0}" + fields(object) + "}";
  }

  private @Nullable Object element(HeapObject array, int index) {
    return array.value() instanceof Object[] objects
        ? program.heap.element(objects, array.type(), index)
        : Array.get(array.value(), index);
  }

  private String fields(HeapObject object) {
    StringBuilder c = new StringBuilder();
    ClassInfo type = world.classInfo(object.type());
    for (Layouts.Slot slot : program.layouts.of(type).slots().values()) {
      FieldInfo field = slot.field();
      ClassDesc held = world.erase(field.type());
      if (field.isRead() || held.isPrimitive()) {
        c.append(", .")
            .append(slot.name())
            .append(" = ")
            .append(literal(program.heap.fieldValue(object.value(), field)));
      }
    }
    return c.toString();
  }

  private String characters(String text, HeapObject object) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        world
            .errors()
            .report(
                null,
                object.origin() + " has a character above U+00FF: \"" + text + "\"",
                "the image's strings are Latin-1");
        return "";
      }
    }
    return IntStream.range(0, text.length())
        .mapToObj(i -> Integer.toString(text.charAt(i)))
        .collect(Collectors.joining(","));
  }

  private String literal(@Nullable Object value) {
    return switch (value) {
      case null -> "0";
      case Boolean b -> b ? "1" : "0";
      case Character c -> Integer.toString(c);
      case Long l -> Operators.longLiteral(l);
      case Number n when Heap.isPrimitive(n) -> Operators.intLiteral(n.intValue());
      default -> {
        HeapObject object = program.heap.find(value);
        if (object == null) {
          throw new IllegalStateException("not in the image: " + value);
        }
        yield "(void *)&" + object.symbol();
      }
    };
  }

  /** What the runtime asks about classes. */
  String classTables() {
    StringBuilder c = new StringBuilder();
    ClassInfo throwable = world.classInfo("java/lang/Throwable");
    List<ClassDesc> exceptions = world.concreteSubtypes(throwable.type());
    if (!exceptions.isEmpty()) {
      program.layouts.of(throwable);
    }
    c.append("static const char *class_name(uint32_t id) {\n  switch (id) {\n");
    for (ClassDesc type : exceptions) {
      c.append("    case ")
          .append(program.types.id(type))
          .append(": return \"")
          .append(world.classInfo(type).javaName())
          .append("\";\n");
    }
    c.append("    default: return \"?\";\n  }\n}\n");
    c.append("static void *exception_message(void *exception) { return ")
        .append(
            exceptions.isEmpty()
                ? "NULL"
                : "((struct java_lang_Throwable *)exception)->f_detailMessage")
        .append("; }\n");
    c.append(
        """
        INLINE int32_t can_store(void *array, void *value) {
          if (value == NULL) return 1;
          uint32_t id = ID(value);
          switch (ID(array)) {
        """);
    for (ClassDesc type : world.instantiated()) {
      if (type.isArray()
          && !type.componentType().isPrimitive()
          && !world.isUnboxed(type.componentType())) {
        c.append("    case ")
            .append(program.types.id(type))
            .append(": return ")
            .append(program.types.isInstance("id", type.componentType()))
            .append(";\n");
      }
    }
    return c.append("    default: return 0;\n  }\n}\n").toString();
  }
}
