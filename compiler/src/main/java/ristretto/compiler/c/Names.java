package ristretto.compiler.c;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.MethodInfo;

/**
 * C names: {@code ristretto.core.mm.Frames.allocate} is {@code core_mm_Frames_allocate}. A name
 * that is taken gets a number; asked in the same order, the names are the same in every build.
 */
final class Names {
  private final Map<Object, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  String struct(ClassInfo type) {
    return names.computeIfAbsent(type, _ -> unique(mangle(type)));
  }

  String function(MethodInfo method) {
    String known = names.get(method);
    if (known == null) {
      String symbol = method.exportedAs();
      String simple = method.isConstructor() ? "new" : method.name();
      known = symbol != null ? symbol : unique(mangle(method.owner()) + "_" + mangle(simple));
      names.put(method, known);
    }
    return known;
  }

  String staticField(FieldInfo field) {
    return names.computeIfAbsent(
        field, _ -> unique(mangle(field.owner()) + "__" + mangle(field.name())));
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private static String mangle(ClassInfo type) {
    String name = type.name();
    String prefix = "ristretto/";
    return mangle(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  static String mangle(String name) {
    StringBuilder c = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char at = name.charAt(i);
      c.append(at < 128 && Character.isLetterOrDigit(at) ? at : '_');
    }
    return c.toString();
  }
}
