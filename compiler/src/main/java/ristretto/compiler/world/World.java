package ristretto.compiler.world;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.classfile.ClassPath;

/** All classes, and how their types relate. */
public final class World {
  private final ClassPath classPath;
  private final Errors errors = new Errors();
  private final Map<String, ClassInfo> classes = new HashMap<>();
  private final Map<ClassDesc, Site> instantiated = new LinkedHashMap<>();
  private final Map<String, List<ClassDesc>> concreteSubtypes = new HashMap<>();
  private boolean closed;

  public World(ClassPath classPath) {
    this.classPath = classPath;
  }

  public ClassPath classPath() {
    return classPath;
  }

  public Errors errors() {
    return errors;
  }

  public ClassInfo classInfo(String name) {
    ClassInfo known = classes.get(name);
    if (known != null) {
      return known;
    }
    ClassModel model = classPath.model(name);
    ClassInfo superclass = model.superclass().map(s -> classInfo(s.asInternalName())).orElse(null);
    List<ClassInfo> interfaces = new ArrayList<>();
    for (ClassEntry i : model.interfaces()) {
      interfaces.add(classInfo(i.asInternalName()));
    }
    ClassInfo made =
        new ClassInfo(name, model, classPath.isApplication(name), superclass, interfaces);
    classes.put(name, made);
    return made;
  }

  /** The class of a type that is neither primitive nor an array. */
  public ClassInfo classInfo(ClassDesc type) {
    String descriptor = type.descriptorString();
    return classInfo(descriptor.substring(1, descriptor.length() - 1));
  }

  public Collection<ClassInfo> classes() {
    return classes.values().stream().sorted(Comparator.comparing(ClassInfo::name)).toList();
  }

  public static boolean isClass(ClassDesc type) {
    return type.isClassOrInterface();
  }

  public boolean isUnboxed(ClassDesc type) {
    return isClass(type) && classInfo(type).isUnboxed();
  }

  /** The only component of an unboxed record. */
  public FieldInfo component(ClassInfo unboxed) {
    List<FieldInfo> fields = unboxed.instanceFields();
    if (fields.size() != 1) {
      throw new ristretto.compiler.CompileError(
          unboxed.sourceFile()
              + ":1: @Unboxed "
              + unboxed.javaName()
              + " has "
              + fields.size()
              + " components; an unboxed record is its one component");
    }
    return fields.getFirst();
  }

  /** The type without unboxed records around it: what the image holds. */
  public ClassDesc erase(ClassDesc type) {
    ClassDesc t = type;
    while (isUnboxed(t)) {
      t = component(classInfo(t)).type();
    }
    return t;
  }

  public Kind kind(ClassDesc type) {
    ClassDesc held = erase(type);
    return held.isPrimitive() ? Kind.ofPrimitive(held) : Kind.REFERENCE;
  }

  /** Whether a value of type {@code from} is one of type {@code to}; both are reference types. */
  public boolean isSubtype(ClassDesc from, ClassDesc to) {
    if (from.equals(to) || to.equals(ConstantDescs.CD_Object)) {
      return true;
    }
    if (from.isArray()) {
      if (!to.isArray()) {
        return to.descriptorString().equals("Ljava/lang/Cloneable;");
      }
      ClassDesc fromPart = from.componentType();
      ClassDesc toPart = to.componentType();
      if (fromPart.isPrimitive() || toPart.isPrimitive()) {
        return fromPart.equals(toPart);
      }
      return isSubtype(fromPart, toPart);
    }
    return !to.isArray() && classInfo(from).isSubclassOf(classInfo(to));
  }

  /** Notes that objects of the class or array type exist; true the first time. */
  boolean instantiate(ClassDesc type, @Nullable Site site) {
    if (closed) {
      throw new IllegalStateException("the world is closed: " + type.displayName());
    }
    if (instantiated.containsKey(type)) {
      return false;
    }
    instantiated.put(type, site);
    return true;
  }

  public boolean isInstantiated(ClassDesc type) {
    return instantiated.containsKey(type);
  }

  /** From here on no class can be added, and questions about subtypes have final answers. */
  void close() {
    closed = true;
  }

  /** Types of the objects that exist, sorted by name. */
  public List<ClassDesc> instantiated() {
    return instantiated.keySet().stream()
        .sorted(Comparator.comparing(ClassDesc::descriptorString))
        .toList();
  }

  /** Types of objects that a variable of {@code type} can refer to. */
  public List<ClassDesc> concreteSubtypes(ClassDesc type) {
    if (!closed) {
      return instantiated.keySet().stream().filter(t -> isSubtype(t, type)).toList();
    }
    return concreteSubtypes.computeIfAbsent(
        type.descriptorString(),
        _ -> instantiated().stream().filter(t -> isSubtype(t, type)).toList());
  }

  /** The field that an instruction names; null when there is none. */
  public @Nullable FieldInfo field(ClassDesc owner, String name) {
    return classInfo(owner).field(name);
  }

  /** The method that a call of {@code signature} on an object of {@code type} runs. */
  public @Nullable MethodInfo select(ClassDesc type, String signature) {
    return type.isArray()
        ? classInfo("java/lang/Object").select(signature)
        : classInfo(type).select(signature);
  }
}
