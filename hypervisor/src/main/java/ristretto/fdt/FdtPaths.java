package ristretto.fdt;

import ristretto.lang.BootOnly;

/** Nodes by path or alias. Devicetree Specification, "Path Names", "/aliases", "/chosen". */
public final class FdtPaths {
  private FdtPaths() {}

  /**
   * The node that {@code text} names: a full path, or an alias perhaps followed by a path; each
   * name with or without its unit address. What follows a colon is not looked at. None if there is
   * no such node.
   */
  @BootOnly
  public static FdtNode find(Fdt tree, Text text) {
    Text path = text.part(0, text.find(':', 0));
    if (path.at(0) == '/') {
      return descend(tree, tree.root(), path, 0);
    }
    int end = path.find('/', 0);
    FdtNode target = alias(tree, path.part(0, end));
    return target.exists() ? descend(tree, target, path, end) : target;
  }

  /** What follows the colon in a path with options, such as {@code 115200n8}; empty without. */
  @BootOnly
  public static Text options(Text text) {
    int colon = text.find(':', 0);
    return colon == text.length ? Text.empty() : text.part(colon + 1, text.length);
  }

  /** The node of an alias, or none. An alias is a full path; it does not name another alias. */
  @BootOnly
  public static FdtNode alias(Fdt tree, Text name) {
    FdtNode aliases = tree.child(tree.root(), "aliases");
    if (!aliases.exists()) {
      return FdtNode.none();
    }
    for (FdtProperty at = tree.firstProperty(aliases); at.exists(); at = tree.nextProperty(at)) {
      if (tree.name(at).is(name)) {
        Text path = FdtValues.string(tree, aliases, at);
        return path.at(0) == '/' ? descend(tree, tree.root(), path, 0) : FdtNode.none();
      }
    }
    return FdtNode.none();
  }

  @BootOnly
  private static FdtNode descend(Fdt tree, FdtNode from, Text path, int start) {
    FdtNode at = from;
    int next = start;
    while (at.exists()) {
      while (path.at(next) == '/') {
        next++;
      }
      if (next >= path.length) {
        return at;
      }
      int end = path.find('/', next);
      at = child(tree, at, path.part(next, end));
      next = end;
    }
    return at;
  }

  @BootOnly
  private static FdtNode child(Fdt tree, FdtNode parent, Text name) {
    boolean anyUnit = name.find('@', 0) == name.length;
    for (FdtNode at = tree.firstChild(parent); at.exists(); at = tree.nextSibling(at)) {
      Text own = tree.name(at);
      if (own.is(name) || (anyUnit && own.part(0, own.find('@', 0)).is(name))) {
        return at;
      }
    }
    return FdtNode.none();
  }
}
