package ristretto.compiler.classfile;

/** Defines the application's classes in this JVM, so that their static initialisers run here. */
public final class BuildTimeLoader extends ClassLoader {
  private final ClassPath classPath;

  public BuildTimeLoader(ClassPath classPath) {
    super(ClassLoader.getPlatformClassLoader());
    this.classPath = classPath;
    setDefaultAssertionStatus(false);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classPath.applicationBytes(name.replace('.', '/'));
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }
}
