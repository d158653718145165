package ristretto.fuzz;

import java.lang.reflect.Field;

/** Private state that an audit compares, by name. */
public final class Fields {
  private Fields() {}

  public static long number(Object object, String name) {
    return ((Number) value(object, name)).longValue();
  }

  public static Object value(Object object, String name) {
    try {
      Field field = object.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(object.getClass() + " has no " + name, e);
    }
  }
}
