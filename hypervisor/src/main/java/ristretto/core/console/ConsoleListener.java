package ristretto.core.console;

/** Told, outside all locks of the console, that Dom0 has input to read: VIRQ_CONSOLE. */
public interface ConsoleListener {
  void inputAvailable();
}
