package ristretto.fuzz;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Private state that an audit compares, by name. */
public final class Fields {
  private Fields() {}

  public static long number(Object object, String name) {
    return ((Number) value(object, name)).longValue();
  }

  public static Object value(Object object, String name) {
    return value(object.getClass(), object, name);
  }

  /** Of a class. */
  static Object common(Class<?> owner, String name) {
    return value(owner, null, name);
  }

  private static Object value(Class<?> owner, @Nullable Object object, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(owner + " has no " + name, e);
    }
  }
}
