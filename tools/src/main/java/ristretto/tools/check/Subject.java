package ristretto.tools.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.TreeEdit;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;
import ristretto.tools.xl.XlConfig;

/** What is looked at together: a board, and files that are meant for it. */
public final class Subject {
  /** A line of a script; a configuration has none that begins so. */
  private static final Pattern SCRIPT =
      Pattern.compile("(?m)^\\s*(setenv|fdt|load|fatload|booti|bootm|tftp\\w*)\\s+[^=\\s]");

  /** Characters that no text has: those that move nothing on paper. */
  private static final Pattern BINARY = Pattern.compile("[\\x00-\\x08\\x0e-\\x1f]");

  private static final int DTB_MAGIC = 0xd0;
  private static final int UIMG_MAGIC = 0x27;

  private final Board board;
  private final List<DomuConfig> configs = new ArrayList<>();
  private final List<BootScript> scripts = new ArrayList<>();
  private final List<DeviceTree> trees = new ArrayList<>();

  public Subject(Board board) {
    this.board = board;
  }

  /**
   * Takes a file as what it is.
   *
   * @throws ristretto.tools.source.SourceException where it is none of them
   */
  public void add(Path file) throws IOException {
    byte[] bytes = contents(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    String name = file.toString();
    int magic = bytes[0] & 0xff;
    if (magic == DTB_MAGIC || name.endsWith(".dts") || text.contains("/dts-v1/")) {
      DeviceTree tree = DeviceTree.read(file);
      BootScript.wrapped(file, tree).ifPresentOrElse(scripts::add, () -> trees.add(tree));
    } else if (magic == UIMG_MAGIC) {
      scripts.add(BootScript.read(file));
    } else if (BINARY.matcher(text).find()) {
      throw new SourceException(
          Position.of(name),
          "binary, and neither a device tree nor a script in U-Boot's wrapping",
          "name a configuration for xl, a boot script or a device tree");
    } else if (name.endsWith(".cmd") || !name.endsWith(".cfg") && SCRIPT.matcher(text).find()) {
      scripts.add(BootScript.read(file));
    } else {
      configs.add(DomuConfig.of(XlConfig.parse(file, text), board));
    }
  }

  /** The bytes of a file, of which there is at least one. */
  private static byte[] contents(Path file) throws IOException {
    Position whole = Position.of(file.toString());
    if (Files.isDirectory(file)) {
      throw new SourceException(whole, "a folder", "name the files in it");
    }
    if (Files.notExists(file)) {
      throw new SourceException(whole, "there is no such file", "name a file that is there");
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length == 0) {
      throw new SourceException(
          whole, "an empty file", "see whether the program that should have written it failed");
    }
    return bytes;
  }

  public Board board() {
    return board;
  }

  public List<DomuConfig> configs() {
    return configs;
  }

  public List<BootScript> scripts() {
    return scripts;
  }

  /** Device trees that were named themselves: partial ones, and a board's. */
  public List<DeviceTree> trees() {
    return trees;
  }

  /** The devices that the scripts keep from Dom0. */
  public List<Node> withheld() {
    return scripts.stream()
        .flatMap(script -> script.edits().stream())
        .filter(edit -> edit.action().equals("set") && edit.name().equals("xen,passthrough"))
        .map(TreeEdit::path)
        .flatMap(path -> board.device(path).stream())
        .toList();
  }
}
