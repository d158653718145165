package ristretto.compiler.world;

import java.lang.classfile.Annotation;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A class or interface in the world. */
public final class ClassInfo {
  private static final String ANNOTATIONS = "Lristretto/lang/";

  /** Instance fields of the JDK's classes that objects of the image have. */
  private static final Set<String> KEPT_OF_JDK =
      Set.of(
          "java/lang/Enum.name",
          "java/lang/Enum.ordinal",
          "java/lang/Throwable.detailMessage",
          "java/lang/Throwable.cause",
          "java/util/concurrent/atomic/AtomicBoolean.value",
          "java/util/concurrent/atomic/AtomicInteger.value",
          "java/util/concurrent/atomic/AtomicLong.value",
          "java/util/concurrent/atomic/AtomicReference.value",
          "java/util/concurrent/atomic/AtomicIntegerArray.array",
          "java/util/concurrent/atomic/AtomicLongArray.array");

  private final String name;
  private final boolean application;
  private final int flags;
  private final @Nullable ClassInfo superclass;
  private final List<ClassInfo> interfaces;
  private final Map<String, MethodInfo> methods = new LinkedHashMap<>();
  private final Map<String, FieldInfo> fields = new LinkedHashMap<>();
  private final Map<String, Annotation> annotations;
  private final String sourceFile;

  ClassInfo(
      String name,
      ClassModel model,
      boolean application,
      @Nullable ClassInfo superclass,
      List<ClassInfo> interfaces) {
    this.name = name;
    this.application = application;
    this.flags = model.flags().flagsMask();
    this.superclass = superclass;
    this.interfaces = interfaces;
    this.annotations = annotations(model);
    this.sourceFile =
        model
            .findAttribute(Attributes.sourceFile())
            .map(a -> a.sourceFile().stringValue())
            .orElse(simpleName() + ".java");
    model
        .methods()
        .forEach(m -> {
          MethodInfo method = new MethodInfo(this, m);
          methods.put(method.signature(), method);
        });
    for (FieldModel f : model.fields()) {
      FieldInfo field = new FieldInfo(this, f);
      if (application || field.isStatic() || KEPT_OF_JDK.contains(name + "." + field.name())) {
        fields.put(field.name(), field);
      }
    }
  }

  /** Annotations of {@code ristretto.lang} by simple name. */
  static Map<String, Annotation> annotations(AttributedElement element) {
    Map<String, Annotation> found = new HashMap<>();
    element
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .ifPresent(attribute -> {
          for (Annotation annotation : attribute.annotations()) {
            String type = annotation.className().stringValue();
            if (type.startsWith(ANNOTATIONS)) {
              found.put(type.substring(ANNOTATIONS.length(), type.length() - 1), annotation);
            }
          }
        });
    return found;
  }

  /** Internal name. */
  public String name() {
    return name;
  }

  public String javaName() {
    return name.replace('/', '.');
  }

  public String simpleName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** The path of the source file below its source folder. */
  public String sourcePath() {
    return name.substring(0, name.lastIndexOf('/') + 1) + sourceFile;
  }

  public String sourceFile() {
    return sourceFile;
  }

  public ClassDesc type() {
    return ClassDesc.ofInternalName(name);
  }

  /** From the class path, not from the JDK. */
  public boolean isApplication() {
    return application;
  }

  public boolean isInterface() {
    return (flags & ClassFile.ACC_INTERFACE) != 0;
  }

  public boolean isFinal() {
    return (flags & ClassFile.ACC_FINAL) != 0;
  }

  public boolean isUnboxed() {
    return has("Unboxed");
  }

  public boolean has(String annotation) {
    return annotations.containsKey(annotation);
  }

  public @Nullable ClassInfo superclass() {
    return superclass;
  }

  public List<ClassInfo> interfaces() {
    return interfaces;
  }

  public Collection<MethodInfo> methods() {
    return methods.values();
  }

  /** Its own method; null when it only inherits one. */
  public @Nullable MethodInfo declared(String signature) {
    return methods.get(signature);
  }

  public Collection<FieldInfo> fields() {
    return fields.values();
  }

  /** Own instance fields. */
  public List<FieldInfo> instanceFields() {
    return fields.values().stream().filter(f -> !f.isStatic()).toList();
  }

  /** Instance fields, the superclasses' first. */
  public List<FieldInfo> allInstanceFields() {
    List<FieldInfo> all = new ArrayList<>();
    if (superclass != null) {
      all.addAll(superclass.allInstanceFields());
    }
    all.addAll(instanceFields());
    return all;
  }

  public boolean isSubclassOf(ClassInfo other) {
    if (this == other) {
      return true;
    }
    if (superclass != null && superclass.isSubclassOf(other)) {
      return true;
    }
    for (ClassInfo i : interfaces) {
      if (i.isSubclassOf(other)) {
        return true;
      }
    }
    return false;
  }

  /** The field that {@code name} means in this class: JVMS 5.4.3.2. */
  public @Nullable FieldInfo field(String fieldName) {
    FieldInfo own = fields.get(fieldName);
    if (own != null) {
      return own;
    }
    for (ClassInfo i : interfaces) {
      FieldInfo inherited = i.field(fieldName);
      if (inherited != null) {
        return inherited;
      }
    }
    return superclass == null ? null : superclass.field(fieldName);
  }

  /** The method that a call on an object of this class runs: JVMS 5.4.6, 5.4.3.3. */
  public @Nullable MethodInfo select(String signature) {
    for (ClassInfo c = this; c != null; c = c.superclass) {
      MethodInfo found = c.methods.get(signature);
      if (found != null && !found.isAbstract() && !found.isPrivate() && !found.isStatic()) {
        return found;
      }
    }
    return defaultMethod(signature, null);
  }

  /**
   * A method of this class that only looks as if it overrode one of a superclass: that one is
   * visible in its own package only (JVMS 5.4.5). Selection goes by signature, so that such a pair
   * is refused.
   */
  @Nullable MethodInfo accidentalOverride() {
    for (MethodInfo method : methods.values()) {
      if (method.isStatic() || method.isPrivate() || method.isConstructor()) {
        continue;
      }
      for (ClassInfo c = superclass; c != null; c = c.superclass) {
        MethodInfo above = c.methods.get(method.signature());
        if (above != null && above.isPackagePrivate() && !c.packageName().equals(packageName())) {
          return method;
        }
      }
    }
    return null;
  }

  private String packageName() {
    return type().packageName();
  }

  /** The most specific default method, or, with none, an abstract declaration. */
  private @Nullable MethodInfo defaultMethod(String signature, @Nullable MethodInfo best) {
    for (ClassInfo c = this; c != null; c = c.superclass) {
      for (ClassInfo i : c.interfaces) {
        MethodInfo own = i.methods.get(signature);
        if (own != null
            && !own.isAbstract()
            && !own.isStatic()
            && (best == null || i.isSubclassOf(best.owner()))) {
          best = own;
        }
        best = i.defaultMethod(signature, best);
      }
    }
    return best;
  }

  /** The declaration that a method reference names: JVMS 5.4.3.3. */
  public @Nullable MethodInfo resolve(String signature) {
    MethodInfo own = methods.get(signature);
    if (own != null) {
      return own;
    }
    if (superclass != null) {
      MethodInfo inherited = superclass.resolve(signature);
      if (inherited != null) {
        return inherited;
      }
    }
    for (ClassInfo i : interfaces) {
      MethodInfo inherited = i.resolve(signature);
      if (inherited != null) {
        return inherited;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return javaName();
  }
}
