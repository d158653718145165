package ristretto.compiler;

import java.util.ArrayList;
import java.util.List;
import ristretto.compiler.heap.BuildTime;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;
import ristretto.compiler.world.World;

/** The header for assembly files: constants of classes annotated {@code @AssemblyConstants}. */
final class AssemblyConstants {
  private final World world;
  private final BuildTime buildTime;

  AssemblyConstants(World world, BuildTime buildTime) {
    this.world = world;
    this.buildTime = buildTime;
  }

  String header() {
    List<String> lines = new ArrayList<>();
    for (String name : world.classPath().applicationClasses()) {
      ClassInfo type = world.classInfo(name);
      if (type.has("AssemblyConstants")) {
        type.fields().stream()
            .filter(f -> f.isStatic() && f.isFinal())
            .filter(f -> "IJ".contains(f.type().descriptorString()))
            .forEach(f -> lines.add(define(type, f)));
      }
    }
    return "/* Constants of classes annotated @AssemblyConstants. Made by the compiler. */\n"
        + String.join("", lines);
  }

  private String define(ClassInfo type, FieldInfo field) {
    Object value = buildTime.staticValue(field);
    String simple = type.simpleName();
    String prefix = simple.substring(simple.lastIndexOf('$') + 1);
    String text = value instanceof Long l ? "0x" + Long.toHexString(l) : String.valueOf(value);
    return "#define " + prefix + "_" + field.name() + " " + text + "\n";
  }
}
