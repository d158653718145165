package ristretto.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ristretto.compiler.c.ProgramTranslator;
import ristretto.compiler.c.TranslatedProgram;
import ristretto.compiler.classfile.BuildTimeLoader;
import ristretto.compiler.classfile.ClassPath;
import ristretto.compiler.heap.BuildTime;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.World;

/**
 * The front end: class files of the image in, one C file out. The world is closed: what the
 * exported methods cannot reach is not there.
 */
public final class Translator {
  private Translator() {}

  /** Translates; a {@link CompileError} lists every rule that the program breaks. */
  public static Translation translate(List<Path> classPath) {
    ClassPath classes = new ClassPath(classPath);
    World world = new World(classes);
    BuildTime buildTime = new BuildTime(new BuildTimeLoader(classes));
    TranslatedProgram program = new ProgramTranslator(world, buildTime).translate(roots(world));
    String header = new AssemblyConstants(world, buildTime).header();
    world.errors().throwIfAny();
    return new Translation(program.c(), header, program.callGraph(), program.javaNames());
  }

  private static List<MethodInfo> roots(World world) {
    List<MethodInfo> roots = new ArrayList<>();
    for (String name : world.classPath().applicationClasses()) {
      ClassInfo type = world.classInfo(name);
      type.methods().stream().filter(m -> m.exportedAs() != null).forEach(roots::add);
    }
    Map<String, MethodInfo> symbols = new HashMap<>();
    for (MethodInfo root : roots) {
      MethodInfo other = symbols.putIfAbsent(String.valueOf(root.exportedAs()), root);
      if (other != null) {
        world
            .errors()
            .report(
                null,
                other + " and " + root + " are both exported as " + root.exportedAs(),
                "give each its own symbol");
      }
      if (!root.isStatic()) {
        world.errors().report(null, "@Export " + root + " is not static", "make it static");
      }
    }
    if (roots.isEmpty()) {
      world
          .errors()
          .report(null, "no method is annotated @Export", "export what the assembly calls");
    }
    world.errors().throwIfAny();
    return roots;
  }
}
