package ristretto.core.console;

/** What a key does while the console's input goes to the hypervisor; also {@code xl debug-keys}. */
public interface DebugKey {
  /** ASCII. */
  int key();

  /** For the list that 'h' prints; lower case, a few words. */
  String description();

  /**
   * Runs on the CPU that took the input, with interrupts masked; reports through {@link Log#print}.
   */
  void press();
}
