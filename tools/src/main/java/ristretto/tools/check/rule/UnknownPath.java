package ristretto.tools.check.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Nearest;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.TreeEdit;
import ristretto.tools.source.Position;

/** A path of a node that the board's device tree has not. */
final class UnknownPath implements Rule {
  @Override
  public String id() {
    return "unknown-path";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    Board board = subject.board();
    for (DomuConfig config : subject.configs()) {
      config
          .xl()
          .texts("dtdev")
          .forEach(path -> check(board, path.text(), path.position(), findings));
      config.partial().ifPresent(tree -> check(board, tree, findings));
    }
    subject.trees().forEach(tree -> check(board, tree, findings));
    subject.scripts().forEach(script -> check(board, script, findings));
  }

  private void check(Board board, DeviceTree tree, Findings findings) {
    tree.nodes()
        .flatMap(node -> Optional.ofNullable(node.property("xen,path")).stream())
        .forEach(path -> check(board, path.text(), path.position(), findings));
  }

  private void check(Board board, BootScript script, Findings findings) {
    Set<String> made = new HashSet<>(List.of("/chosen"));
    for (TreeEdit edit : script.edits()) {
      boolean split =
          edit.path().endsWith("/") && edit.path().length() > 1 && edit.name().contains("@");
      if (split) {
        findings.add(
            this,
            edit.position(),
            "a blank in the path: U-Boot sets a property '" + edit.name() + "' of " + edit.path(),
            "write fdt " + edit.action() + " " + edit.path() + edit.name() + rest(edit));
      } else if (!edit.path().contains("$") && !made.contains(edit.path())) {
        check(board, edit.path(), edit.position(), findings);
      }
      made.add(edit.target());
    }
  }

  private static String rest(TreeEdit edit) {
    return edit.values().stream()
        .map(word -> " " + word.text(Map.of()))
        .collect(Collectors.joining());
  }

  private void check(Board board, String path, Position position, Findings findings) {
    if (board.device(path).isPresent()) {
      return;
    }
    findings.add(
        this,
        position,
        "the device tree of " + board.name() + " has no node " + path,
        meant(board, path)
            .map(node -> "write " + node)
            .orElse(
                path.startsWith("/chosen/")
                    ? "write fdt mknod /chosen "
                        + path.substring("/chosen/".length())
                        + " before it"
                    : "write the path of a node that it has"));
  }

  /** A node with the same address, or else one whose path looks alike. */
  private static Optional<String> meant(Board board, String path) {
    String address = path.contains("@") ? path.substring(path.lastIndexOf('@')) : "";
    Optional<String> same =
        board
            .tree()
            .nodes()
            .filter(node -> !address.isEmpty() && node.name().endsWith(address))
            .map(Node::path)
            .findFirst();
    return same.isPresent()
        ? same
        : Nearest.to(path, board.tree().nodes().map(Node::path).toList());
  }
}
