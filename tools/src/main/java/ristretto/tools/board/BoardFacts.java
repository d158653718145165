package ristretto.tools.board;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import ristretto.tools.host.ToolException;

/** What a board's device tree does not say: board.properties. boards/README.md has the keys. */
public final class BoardFacts {
  private static final String CLOCK = "clock.";

  private final Path file;
  private final Properties values = new Properties();

  private BoardFacts(Path file) {
    this.file = file;
  }

  /** Reads them from a file. */
  public static BoardFacts read(Path file) throws IOException {
    BoardFacts facts = new BoardFacts(file);
    try (Reader reader = Files.newBufferedReader(file)) {
      facts.values.load(reader);
    }
    return facts;
  }

  public Optional<String> text(String key) {
    return Optional.ofNullable(values.getProperty(key)).map(String::strip);
  }

  /** The words of a value; none where there is no such key. */
  public List<String> words(String key) {
    return text(key).filter(text -> !text.isEmpty()).stream()
        .flatMap(text -> List.of(text.split("\\s+")).stream())
        .toList();
  }

  /** The numbers of a value, decimal or with 0x. */
  public List<Long> numbers(String key) {
    return words(key).stream().map(word -> number(key, word)).toList();
  }

  public OptionalLong number(String key) {
    List<Long> numbers = numbers(key);
    return numbers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(numbers.getFirst());
  }

  /** Pairs of an address and a size in bytes. */
  public List<Region> regions(String key) {
    List<Long> numbers = numbers(key);
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i + 1 < numbers.size(); i += 2) {
      regions.add(new Region(numbers.get(i), numbers.get(i + 1)));
    }
    return List.copyOf(regions);
  }

  /** The board's name in its vendor's words. */
  public String name() {
    return text("name").orElse("");
  }

  /** The path of the controller that Dom0's root is on. */
  public Optional<String> rootDevice() {
    return text("root.device");
  }

  /** What Linux calls the disk that Dom0's root is on, for instance mmcblk0. */
  public Optional<String> rootDisk() {
    return text("root.disk");
  }

  /**
   * Frequency in Hz of a clock that the device tree does not tell.
   *
   * @param clock number of an output of the clock manager in the device tree binding, or the name
   *     of another clock's node, with .N for one of several outputs
   */
  public OptionalLong clock(String clock) {
    return number(CLOCK + clock);
  }

  private long number(String key, String word) {
    try {
      return Long.decode(word);
    } catch (NumberFormatException e) {
      throw new ToolException(
          file + ": " + key + ": '" + word + "' is no number", "write for instance 0x1000 or 4096");
    }
  }
}
