package ristretto.compiler.world;

/** A line of a method: where a message points. */
public record Site(MethodInfo method, int line) {
  /** {@code File.java:line}. */
  public String position() {
    return method.owner().sourceFile() + ":" + line;
  }

  /** {@code package.Class.method(File.java:line)}. */
  @Override
  public String toString() {
    return method.javaName() + "(" + position() + ")";
  }
}
