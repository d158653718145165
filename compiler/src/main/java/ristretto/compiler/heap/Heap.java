package ristretto.compiler.heap;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.CompileError;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.World;

/** The build-time objects that the image can reach. */
public final class Heap {
  private final World world;
  private final BuildTime buildTime;
  private final IdentityHashMap<Object, HeapObject> objects = new IdentityHashMap<>();
  private final List<HeapObject> inOrder = new ArrayList<>();
  private final IdentityHashMap<Object, Map<String, Object>> copies = new IdentityHashMap<>();

  public Heap(World world, BuildTime buildTime) {
    this.world = world;
    this.buildTime = buildTime;
  }

  /** The value is no object but a primitive that reflection boxed. */
  public static boolean isPrimitive(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof Boolean
        || value instanceof Character;
  }

  /** The object's entry; null when the image does not hold it yet. */
  public @Nullable HeapObject find(Object value) {
    return objects.get(value);
  }

  /** Adds an object of the application, a string or an array. */
  public HeapObject add(Object value, String origin) {
    HeapObject object = new HeapObject(inOrder.size(), value, typeOf(value, origin), origin);
    objects.put(value, object);
    inOrder.add(object);
    return object;
  }

  public List<HeapObject> objects() {
    return Collections.unmodifiableList(inOrder);
  }

  private ClassDesc typeOf(Object value, String origin) {
    ClassDesc type = value.getClass().describeConstable().orElse(null);
    if (type == null) {
      throw new CompileError(
          origin
              + " holds an object of the hidden class "
              + value.getClass().getName()
              + "; use a named class");
    }
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    if (!element.isPrimitive() && !isKnown(world.classInfo(element), type.isArray())) {
      throw new CompileError(
          origin
              + " holds a "
              + value.getClass().getTypeName()
              + "; objects of the image are the application's, strings, arrays and atomics");
    }
    if (world.isUnboxed(type)) {
      throw new CompileError(
          origin
              + " holds the @Unboxed "
              + value.getClass().getTypeName()
              + " as an object; declare the field with the record's own type");
    }
    return type;
  }

  private static boolean isKnown(ClassInfo type, boolean element) {
    return type.isApplication()
        || element
        || type.name().equals("java/lang/String")
        || type.name().equals("java/lang/Object")
        || (type.name().startsWith("java/util/concurrent/atomic/Atomic")
            && !type.instanceFields().isEmpty());
  }

  /** The value that a static field has when the image starts: boxed primitive, object or null. */
  public @Nullable Object staticValue(FieldInfo field) {
    return unwrap(buildTime.staticValue(field), field.type());
  }

  /** The value of an instance field when the image starts. */
  public @Nullable Object fieldValue(Object object, FieldInfo field) {
    if (field.owner().isApplication()) {
      return unwrap(buildTime.fieldValue(object, field), field.type());
    }
    // Atomic arrays hand out copies; the same copy each time keeps the object's identity.
    return copies
        .computeIfAbsent(object, _ -> new HashMap<>())
        .computeIfAbsent(field.name(), _ -> buildTime.fieldValue(object, field));
  }

  /** An element of a reference array when the image starts. */
  public @Nullable Object element(Object[] array, ClassDesc arrayType, int index) {
    return unwrap(array[index], arrayType.componentType());
  }

  /** An unboxed record's component in place of the record. */
  private @Nullable Object unwrap(@Nullable Object value, ClassDesc type) {
    if (!world.isUnboxed(type)) {
      return value;
    }
    FieldInfo component = world.component(world.classInfo(type));
    if (value == null) {
      return world.erase(type).isPrimitive() ? 0 : null;
    }
    return unwrap(buildTime.fieldValue(value, component), component.type());
  }
}
