package ristretto.compiler.world;

import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldModel;
import java.lang.constant.ClassDesc;

/** A field of a class in the world. */
public final class FieldInfo {
  private final ClassInfo owner;
  private final String name;
  private final ClassDesc type;
  private final int flags;
  private boolean read;
  private boolean changed;

  FieldInfo(ClassInfo owner, FieldModel model) {
    this.owner = owner;
    this.name = model.fieldName().stringValue();
    this.type = model.fieldTypeSymbol();
    this.flags = model.flags().flagsMask();
  }

  public ClassInfo owner() {
    return owner;
  }

  public String name() {
    return name;
  }

  public ClassDesc type() {
    return type;
  }

  public boolean isStatic() {
    return (flags & ClassFile.ACC_STATIC) != 0;
  }

  public boolean isFinal() {
    return (flags & ClassFile.ACC_FINAL) != 0;
  }

  public boolean isVolatile() {
    return (flags & ClassFile.ACC_VOLATILE) != 0;
  }

  /** Some code of the image reads it; only then what it refers to is part of the image. */
  public boolean isRead() {
    return read;
  }

  void markRead() {
    read = true;
  }

  /** Some code other than a constructor of its own object stores to it. */
  public boolean isChanged() {
    return changed;
  }

  public void markChanged() {
    changed = true;
  }

  @Override
  public String toString() {
    return owner + "." + name;
  }
}
