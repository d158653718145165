package ristretto.compiler.world;

import java.lang.classfile.AnnotationValue;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.classfile.Body;

/** A method of a class in the world. */
public final class MethodInfo {
  private final ClassInfo owner;
  private final String name;
  private final MethodTypeDesc type;
  private final int flags;
  private final Map<String, java.lang.classfile.Annotation> annotations;
  private final @Nullable CodeAttribute code;
  private @Nullable Body body;
  private @Nullable Site reachedFrom;
  private boolean reached;
  private boolean mayThrow;

  MethodInfo(ClassInfo owner, MethodModel model) {
    this.owner = owner;
    this.name = model.methodName().stringValue();
    this.type = model.methodTypeSymbol();
    this.flags = model.flags().flagsMask();
    this.annotations = ClassInfo.annotations(model);
    this.code = (CodeAttribute) model.code().orElse(null);
  }

  public ClassInfo owner() {
    return owner;
  }

  public String name() {
    return name;
  }

  public MethodTypeDesc type() {
    return type;
  }

  /** Name and descriptor: what an overriding method has in common with the overridden. */
  public String signature() {
    return name + type.descriptorString();
  }

  public boolean isStatic() {
    return (flags & ClassFile.ACC_STATIC) != 0;
  }

  public boolean isAbstract() {
    return (flags & ClassFile.ACC_ABSTRACT) != 0;
  }

  public boolean isPrivate() {
    return (flags & ClassFile.ACC_PRIVATE) != 0;
  }

  boolean isPackagePrivate() {
    return (flags & (ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED | ClassFile.ACC_PRIVATE)) == 0;
  }

  /** Made by javac: calls the method that overrides with other types. */
  boolean isBridge() {
    return (flags & ClassFile.ACC_BRIDGE) != 0;
  }

  public boolean isConstructor() {
    return name.equals(ConstantDescs.INIT_NAME);
  }

  public boolean has(String annotation) {
    return annotations.containsKey(annotation);
  }

  /** The symbol of {@code @Export}, or null. */
  public @Nullable String exportedAs() {
    java.lang.classfile.Annotation export = annotations.get("Export");
    if (export == null) {
      return null;
    }
    return ((AnnotationValue.OfString) export.elements().getFirst().value()).stringValue();
  }

  public boolean hasBody() {
    return code != null;
  }

  public Body body() {
    if (body == null) {
      if (code == null) {
        throw new IllegalStateException(this + " has no code");
      }
      body = new Body(code);
    }
    return body;
  }

  public boolean isReached() {
    return reached;
  }

  /** Returns true the first time. */
  boolean reach(@Nullable Site from) {
    if (reached) {
      return false;
    }
    reached = true;
    reachedFrom = from;
    return true;
  }

  /** Where the search found it first; null for a root. */
  public @Nullable Site reachedFrom() {
    return reachedFrom;
  }

  /** An exception may leave it. */
  public boolean mayThrow() {
    return mayThrow;
  }

  public void markMayThrow() {
    mayThrow = true;
  }

  /** {@code package.Class.method}. */
  public String javaName() {
    return owner.javaName() + "." + name;
  }

  @Override
  public String toString() {
    return javaName();
  }
}
