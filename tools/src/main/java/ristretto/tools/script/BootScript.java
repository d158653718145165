package ristretto.tools.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.source.Position;

/** What a script does, found by going through it once, every branch included. */
public final class BootScript {
  /** The size of an image in its arm64 header: Linux, Documentation/arch/arm64/booting. */
  private static final int IMAGE_MAGIC_AT = 0x38;

  private static final int IMAGE_MAGIC = 0x644d5241;
  private static final int IMAGE_SIZE_AT = 0x10;
  private static final String FILE_SIZE = "${filesize}";

  private final Path file;
  private final Map<String, Word> variables = new HashMap<>();
  private final List<Load> loads = new ArrayList<>();
  private final List<TreeEdit> edits = new ArrayList<>();
  private final List<BootModule> modules = new ArrayList<>();
  private final List<Load> booted = new ArrayList<>();
  private final List<Word.Part> noAddresses = new ArrayList<>();
  private final Set<String> running = new HashSet<>();
  private @Nullable Load last;

  private BootScript(Path file) {
    this.file = file;
  }

  /** Reads a script's text, or the file that mkimage made of it. */
  public static BootScript read(Path file) throws IOException {
    return parse(file, ScriptFile.text(file, Files.readAllBytes(file)));
  }

  /**
   * The script in a FIT, which is a device tree, or in the source of one. Lines are the script's.
   * U-Boot, doc/usage/fit/source_file_format.rst, "/images node".
   */
  public static Optional<BootScript> wrapped(Path file, DeviceTree fit) {
    return fit.find("/images").stream()
        .flatMap(images -> images.children().stream())
        .filter(image -> image.text("type").filter("script"::equals).isPresent())
        .flatMap(image -> image.text("data").stream())
        .map(text -> parse(file, text))
        .findFirst();
  }

  /** Goes through a script's text. */
  public static BootScript parse(Path file, String text) {
    BootScript script = new BootScript(file);
    ScriptParser.parse(file.toString(), text).forEach(script::take);
    return script;
  }

  public Path file() {
    return file;
  }

  public List<Load> loads() {
    return loads;
  }

  public List<TreeEdit> edits() {
    return edits;
  }

  public List<BootModule> modules() {
    return modules;
  }

  /** What booti and bootm start, and the device tree they hand over. */
  public List<Load> booted() {
    return booted;
  }

  /** What stands where an address should, and is none: U-Boot takes the digits before the error. */
  public List<Word.Part> noAddresses() {
    return noAddresses;
  }

  /** The parts of a string property of /chosen that the script sets last. */
  public List<Word.Part> chosen(String property) {
    List<Word.Part> parts = List.of();
    for (TreeEdit edit : edits) {
      if (edit.action().equals("set")
          && edit.path().equals("/chosen")
          && edit.name().equals(property)) {
        parts = edit.values().stream().flatMap(word -> word.parts(variables).stream()).toList();
      }
    }
    return parts;
  }

  /** A value as the script has set it in the end. */
  public Optional<Word> variable(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  private void take(Statement statement) {
    List<String> words = statement.words().stream().map(word -> word.text(variables)).toList();
    switch (words.getFirst()) {
      case "setenv", "env" -> set(statement.words());
      case "run" -> words.stream().skip(1).forEach(this::run);
      case "load", "fatload", "ext4load", "ext2load" -> load(words, statement);
      case "tftp", "tftpboot" -> download(words, statement);
      case "fdt" -> edit(words, statement);
      case "booti", "bootm" -> boot(words, statement);
      default -> {}
    }
  }

  private void set(List<Word> words) {
    if (words.size() > 2 && words.get(1).pieces().size() == 1) {
      List<Word.Piece> pieces = new ArrayList<>();
      for (Word word : words.subList(2, words.size())) {
        if (!pieces.isEmpty()) {
          pieces.add(new Word.Piece.Literal(" ", word.position()));
        }
        pieces.addAll(word.pieces());
      }
      String name = words.get(1).text(variables);
      if (!mentions(pieces, name)) {
        variables.put(name, new Word(List.copyOf(pieces), words.get(2).position()));
      }
    }
  }

  /** Whether a value needs a variable, also by way of others: no value needs itself. */
  private boolean mentions(List<Word.Piece> pieces, String name) {
    for (Word.Piece piece : pieces) {
      if (piece instanceof Word.Piece.Variable(String of, Position _)) {
        Word value = variables.get(of);
        if (of.equals(name) || value != null && mentions(value.pieces(), name)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A variable as one command; only a script of several is passed over. */
  private void run(String name) {
    Word command = variables.get(name);
    if (command != null && running.add(name)) { // one that runs itself has no end in U-Boot either
      List<Word> words = new ArrayList<>();
      for (Word.Part part : command.parts(variables)) {
        Word.Piece piece = new Word.Piece.Literal(part.text(), part.position());
        words.add(new Word(List.of(piece), part.position()));
      }
      if (words.size() > 1) {
        take(new Statement(List.copyOf(words)));
      }
      running.remove(name);
    }
  }

  /** load INTERFACE DEVICE ADDRESS FILE. */
  private void load(List<String> words, Statement statement) {
    if (words.size() >= 5) {
      add(words.get(3), words.get(4), statement.words().get(3).position());
    }
  }

  private void download(List<String> words, Statement statement) {
    if (words.size() >= 3) {
      add(words.get(1), words.get(2), statement.words().get(1).position());
    }
  }

  private void add(String address, String name, Position position) {
    OptionalLong at = hex(address);
    if (at.isPresent()) {
      last = new Load(at.getAsLong(), name, sizeOf(name), position);
      loads.add(last);
    } else {
      last = null;
      if (!address.contains("$")) {
        noAddresses.add(new Word.Part(address, position));
      }
    }
  }

  private void boot(List<String> words, Statement statement) {
    for (int i = 1; i < words.size(); i++) {
      Position position = statement.words().get(i).position();
      OptionalLong address = hex(words.get(i).replaceFirst(":.*", ""));
      if (address.isPresent()) {
        OptionalLong size = OptionalLong.empty();
        String name = i == 3 ? "the device tree" : "what " + words.getFirst() + " starts";
        for (Load load : loads) {
          if (load.address() == address.getAsLong()) {
            size = load.size();
            name = load.file();
          }
        }
        booted.add(new Load(address.getAsLong(), name, size, position));
      }
    }
  }

  private void edit(List<String> words, Statement statement) {
    if (words.size() < 3 || !List.of("set", "mknod", "rm", "mknode").contains(words.get(1))) {
      return;
    }
    TreeEdit edit =
        new TreeEdit(
            words.get(1).equals("mknode") ? "mknod" : words.get(1),
            words.get(2),
            words.size() > 3 ? words.get(3) : "",
            List.copyOf(statement.words().subList(Math.min(4, words.size()), words.size())),
            statement.words().get(2).position());
    edits.add(edit);
    if (edit.action().equals("set")
        && edit.path().startsWith("/chosen/")
        && edit.name().equals("reg")) {
      module(edit);
    }
  }

  private void module(TreeEdit edit) {
    String joined =
        String.join(" ", edit.values().stream().map(word -> word.text(variables)).toList());
    List<String> cells =
        Arrays.stream(joined.replaceAll("[<>]", " ").strip().split("\\s+")).toList();
    if (cells.size() < 2 || cells.size() % 2 != 0) {
      return;
    }
    int half = cells.size() / 2;
    OptionalLong address = number(cells.subList(0, half));
    if (address.isEmpty()) {
      return;
    }
    String size = cells.getLast();
    boolean ofFile = size.endsWith(FILE_SIZE);
    Optional<Load> sizeOf = ofFile ? Optional.ofNullable(last) : Optional.empty();
    OptionalLong bytes =
        ofFile
            ? sizeOf.map(Load::size).orElse(OptionalLong.empty())
            : number(cells.subList(half, cells.size()));
    modules.add(
        new BootModule(
            edit.path(),
            address.getAsLong(),
            bytes,
            sizeOf,
            size.equals(FILE_SIZE),
            edit.values().getFirst().position()));
  }

  /** Cells are read as C writes numbers. */
  private static OptionalLong number(List<String> cells) {
    long value = 0;
    for (String cell : cells) {
      try {
        value = value << Integer.SIZE | Long.decode(cell);
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(value);
  }

  /** Addresses of commands are hexadecimal, with 0x or without. */
  private static OptionalLong hex(String word) {
    String digits = word.replaceFirst("^0[xX]", "");
    return digits.matches("[0-9a-fA-F]{1,16}")
        ? OptionalLong.of(Long.parseUnsignedLong(digits, 16))
        : OptionalLong.empty();
  }

  /** What a file beside the script takes in memory: of a kernel more than of its file. */
  private OptionalLong sizeOf(String name) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || name.contains("$")) {
      return OptionalLong.empty();
    }
    Path loaded = directory.resolve(name.replaceFirst("^/+", ""));
    try {
      if (!Files.isRegularFile(loaded)) {
        return OptionalLong.empty();
      }
      long size = Files.size(loaded);
      try (var in = Files.newInputStream(loaded)) {
        ByteBuffer head = ByteBuffer.wrap(in.readNBytes(64)).order(ByteOrder.LITTLE_ENDIAN);
        boolean image = head.limit() == 64 && head.getInt(IMAGE_MAGIC_AT) == IMAGE_MAGIC;
        return OptionalLong.of(image ? Math.max(size, head.getLong(IMAGE_SIZE_AT)) : size);
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
