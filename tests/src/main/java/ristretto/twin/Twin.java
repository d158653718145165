package ristretto.twin;

/** One program with two lives. What it prints may depend on nothing but Java's rules. */
public interface Twin {
  String name();

  void run(Out out, Cpus cpus);
}
