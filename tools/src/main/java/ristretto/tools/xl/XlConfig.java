package ristretto.tools.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/** A configuration of a domain. Where a key is set twice the last one counts, as for xl. */
public final class XlConfig {
  /**
   * One setting.
   *
   * @param adds written with {@code +=}
   * @param position of its key
   */
  public record Setting(String key, XlValue value, boolean adds, Position position) {}

  private final Path file;
  private final List<Setting> settings;
  private final Map<String, Setting> byKey = new LinkedHashMap<>();

  private XlConfig(Path file, List<Setting> settings) {
    this.file = file;
    this.settings = settings;
    settings.forEach(this::take);
  }

  private void take(Setting setting) {
    Setting before = byKey.get(setting.key());
    if (!setting.adds() || before == null) {
      byKey.put(setting.key(), setting);
      return;
    }
    List<XlValue> items = new ArrayList<>(items(before.value()));
    items.addAll(items(setting.value()));
    XlValue all = new XlValue.Items(List.copyOf(items), before.value().position());
    byKey.put(setting.key(), new Setting(setting.key(), all, false, before.position()));
  }

  /**
   * Reads a configuration.
   *
   * @throws SourceException where it does not follow the grammar
   */
  public static XlConfig read(Path file) throws IOException {
    return parse(file, Files.readString(file));
  }

  /** Reads a configuration's text. */
  public static XlConfig parse(Path file, String text) {
    return new XlConfig(file, XlParser.parse(file.toString(), text));
  }

  public Path file() {
    return file;
  }

  /** All settings in the order of the file. */
  public List<Setting> settings() {
    return settings;
  }

  public Optional<Setting> setting(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The string of a key. */
  public Optional<String> text(String key) {
    return setting(key)
        .filter(setting -> setting.value() instanceof XlValue.Text)
        .map(setting -> ((XlValue.Text) setting.value()).text());
  }

  /** The number of a key; xl takes it in quotes, too. */
  public OptionalLong number(String key) {
    return switch (setting(key).map(Setting::value).orElse(null)) {
      case XlValue.Whole number -> OptionalLong.of(number.number());
      case XlValue.Text text when text.text().matches("\\d{1,18}") ->
          OptionalLong.of(Long.parseLong(text.text()));
      case null, default -> OptionalLong.empty();
    };
  }

  /** The items of a list; a single value is a list of one. */
  public List<XlValue> list(String key) {
    return setting(key).map(setting -> items(setting.value())).orElse(List.of());
  }

  /** The strings of a list. */
  public List<XlValue.Text> texts(String key) {
    return list(key).stream()
        .filter(XlValue.Text.class::isInstance)
        .map(XlValue.Text.class::cast)
        .toList();
  }

  private static List<XlValue> items(XlValue value) {
    return value instanceof XlValue.Items list ? list.items() : List.of(value);
  }
}
