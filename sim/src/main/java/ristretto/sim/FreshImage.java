package ristretto.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The hypervisor's classes once more, with their static state as the compiler would put it into the
 * image: for tests that boot a machine, each on its own copy. The machine itself and its simulation
 * are shared with the caller.
 */
public final class FreshImage extends ClassLoader {
  private static final String[] SHARED = {
    "ristretto.lang.", "ristretto.machine.", "ristretto.arch.", "ristretto.vdev.", "ristretto.sim.",
  };

  private FreshImage(ClassLoader parent) {
    super(parent);
  }

  /** Makes a {@code program} of its class of a fresh copy of everything, and runs it. */
  public static void run(Class<? extends Runnable> program) {
    ((Runnable) copy(program)).run();
  }

  /** The same with an argument, such as a seed. */
  public static void run(Class<? extends LongConsumer> program, long argument) {
    ((LongConsumer) copy(program)).accept(argument);
  }

  /** An object of a fresh copy, of a class that has a type in common with the caller's. */
  public static <T> T make(Class<? extends T> program, Class<T> type) {
    return type.cast(copy(program));
  }

  private static Object copy(Class<?> program) {
    try {
      FreshImage loader = new FreshImage(Objects.requireNonNull(program.getClassLoader()));
      var constructor = loader.loadClass(program.getName()).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(program + " cannot be made a second time", e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!isCopied(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private static boolean isCopied(String name) {
    if (!name.startsWith("ristretto.")) {
      return false;
    }
    for (String shared : SHARED) {
      if (name.startsWith(shared)) {
        return false;
      }
    }
    return true;
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream file = classFile(name)) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = file.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable InputStream classFile(String name) {
    return getParent().getResourceAsStream(name.replace('.', '/') + ".class");
  }
}
