package ristretto.compiler.heap;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.CompileError;
import ristretto.compiler.classfile.BuildTimeLoader;
import ristretto.compiler.world.ClassInfo;
import ristretto.compiler.world.FieldInfo;

/** Runs static initialisers in this JVM and reads what they left. */
public final class BuildTime {
  private final BuildTimeLoader loader;
  private final Set<ClassInfo> failed = new HashSet<>();

  public BuildTime(BuildTimeLoader loader) {
    this.loader = loader;
  }

  /** Runs the static initialiser; a {@link CompileError} when it throws. */
  public Class<?> initialize(ClassInfo type) {
    try {
      return Class.forName(type.javaName(), true, loader);
    } catch (ClassNotFoundException e) {
      throw new CompileError("class " + type.javaName() + " is not on the class path");
    } catch (LinkageError e) {
      if (!failed.add(type)) {
        throw new CompileError("static initialiser of " + type.javaName() + " failed");
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CompileError(position(cause, type) + cause + advice(cause));
    }
  }

  private static String position(Throwable cause, ClassInfo type) {
    for (StackTraceElement frame : cause.getStackTrace()) {
      if (frame.getClassName().startsWith(type.javaName())) {
        return frame.getFileName()
            + ":"
            + frame.getLineNumber()
            + ": static initialiser of "
            + type.javaName()
            + " failed while building: ";
      }
    }
    return type.sourceFile()
        + ":1: static initialiser of "
        + type.javaName()
        + " failed while building: ";
  }

  private static String advice(Throwable cause) {
    for (StackTraceElement frame : cause.getStackTrace()) {
      if (frame.getClassName().startsWith("ristretto.machine.")) {
        return "; static initialisers run in the build and must not touch the machine: do it in a"
            + " method that boot code calls";
      }
    }
    return "; static initialisers run in the build";
  }

  /** The value of a static field; primitives boxed. */
  public @Nullable Object staticValue(FieldInfo field) {
    return read(initialize(field.owner()), null, field);
  }

  /** The value of an instance field; primitives boxed. */
  public @Nullable Object fieldValue(Object object, FieldInfo field) {
    if (field.owner().isApplication()) {
      return read(initialize(field.owner()), object, field);
    }
    return switch (object) {
      case Enum<?> e -> field.name().equals("name") ? e.name() : (Object) ordinal(e);
      case Throwable t -> field.name().equals("cause") ? t.getCause() : t.getMessage();
      case AtomicInteger a -> a.get();
      case AtomicLong a -> a.get();
      case AtomicBoolean a -> a.get() ? 1 : 0;
      case AtomicReference<?> a -> a.get();
      case AtomicIntegerArray a -> copy(a);
      case AtomicLongArray a -> copy(a);
      default -> throw new IllegalStateException("field of the JDK: " + field);
    };
  }

  @SuppressWarnings("EnumOrdinal") // it is what the image's field holds
  private static int ordinal(Enum<?> constant) {
    return constant.ordinal();
  }

  private static int[] copy(AtomicIntegerArray array) {
    int[] copy = new int[array.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = array.get(i);
    }
    return copy;
  }

  private static long[] copy(AtomicLongArray array) {
    long[] copy = new long[array.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = array.get(i);
    }
    return copy;
  }

  private static @Nullable Object read(Class<?> type, @Nullable Object object, FieldInfo field) {
    try {
      Field reflected = type.getDeclaredField(field.name());
      reflected.setAccessible(true);
      return reflected.get(object);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new CompileError(
          field
              + " cannot be read while building ("
              + e.getMessage()
              + ")"
              + "; use a class of the application instead");
    }
  }
}
