package ristretto.tools.script;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The hypervisor's command line in a script, read as the hypervisor reads it: of what is given
 * twice the last counts. Xen, docs/misc/xen-command-line.pandoc, "Boolean (`<boolean>`)".
 */
public final class BootOptions {
  private static final Set<String> ON = Set.of("1", "yes", "on", "true", "enable");
  private static final Set<String> OFF = Set.of("0", "no", "off", "false", "disable");

  private final List<Word.Part> words;

  private BootOptions(List<Word.Part> words) {
    this.words = words;
  }

  /** Those that a script sets. */
  public static BootOptions of(BootScript script) {
    return new BootOptions(script.chosen("xen,xen-bootargs"));
  }

  /** Whether a variable may bring more of them. */
  public boolean areUnknown() {
    return words.stream().anyMatch(Word.Part::isUnknown);
  }

  /** The word that switches a boolean option on; empty where it is off, as it is at first. */
  public Optional<Word.Part> enabled(String name) {
    Optional<Word.Part> enabling = Optional.empty();
    for (Word.Part word : words) {
      String text = word.text();
      String value = text.startsWith(name + "=") ? text.substring(name.length() + 1) : "";
      if (text.equals(name) || ON.contains(value)) {
        enabling = Optional.of(word);
      } else if (text.equals("no-" + name) || OFF.contains(value)) {
        enabling = Optional.empty();
      }
    }
    return enabling;
  }
}
