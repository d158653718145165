package ristretto.tools.image;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import ristretto.tools.host.ToolException;

/**
 * The class files that make something. Their bytes are part of its name, so that nothing made by
 * another version is taken for it.
 */
final class Recipe {
  /** Where it is decided what is in an image; what other packages do for that does not vary. */
  private static final Pattern MAKERS = Pattern.compile("ristretto/tools/(debian|image|uboot)/.*");

  private Recipe() {}

  /** The class files of {@code maker} and of all that it uses, by their names. */
  static SortedMap<String, byte[]> of(Class<?> maker) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    Deque<String> next = new ArrayDeque<>();
    next.add(maker.getName().replace('.', '/'));
    while (!next.isEmpty()) {
      String name = next.remove();
      if (!files.containsKey(name)) {
        byte[] file = read(name);
        files.put(name, file);
        used(file).forEach(next::add);
      }
    }
    return files;
  }

  private static Stream<String> used(byte[] file) {
    return StreamSupport.stream(ClassFile.of().parse(file).constantPool().spliterator(), false)
        .filter(ClassEntry.class::isInstance)
        .map(entry -> ((ClassEntry) entry).asInternalName().replaceFirst("^\\[+L(.*);$", "$1"))
        .filter(MAKERS.asMatchPredicate());
  }

  private static byte[] read(String name) {
    try (InputStream in = Recipe.class.getResourceAsStream("/" + name + ".class")) {
      if (in == null) {
        throw new IllegalStateException("no class file of " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ToolException("cannot read the class file of " + name, e);
    }
  }
}
