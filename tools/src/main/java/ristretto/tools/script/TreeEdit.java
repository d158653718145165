package ristretto.tools.script;

import java.util.List;
import ristretto.tools.source.Position;

/**
 * An {@code fdt} command that changes the tree.
 *
 * @param action set, mknod or rm
 * @param path of the node
 * @param name of the property or of the new node; empty where rm removes the node
 * @param values the words after them
 * @param position of the path
 */
public record TreeEdit(
    String action, String path, String name, List<Word> values, Position position) {
  /** The node that it makes or changes. */
  public String target() {
    String parent = path.equals("/") ? "" : path;
    return action.equals("mknod") ? parent + "/" + name : path;
  }
}
