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
import ristretto.tools.xl.XlConfig;

/** What is looked at together: a board, and files that are meant for it. */
public final class Subject {
  /** A line of a script; a configuration has none that begins so. */
  private static final Pattern SCRIPT =
      Pattern.compile("(?m)^\\s*(setenv|fdt|load|fatload|booti|bootm|tftp\\w*)\\s+[^=\\s]");

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
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    String name = file.toString();
    boolean binary = bytes.length > 0 && (bytes[0] & 0xff) == DTB_MAGIC;
    if (binary || name.endsWith(".dts") || text.contains("/dts-v1/")) {
      trees.add(DeviceTree.read(file));
    } else if (bytes.length > 0 && bytes[0] == UIMG_MAGIC
        || !name.endsWith(".cfg") && SCRIPT.matcher(text).find()) {
      scripts.add(BootScript.read(file));
    } else {
      configs.add(DomuConfig.of(XlConfig.parse(file, text), board));
    }
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
