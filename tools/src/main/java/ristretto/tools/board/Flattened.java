package ristretto.tools.board;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/** A flattened device tree: Devicetree Specification, chapter 5. All numbers are big-endian. */
final class Flattened {
  private static final String AGAIN = "make it again: dtc -O dtb";
  private static final int MAGIC = 0xd00dfeed;
  private static final int OFFSET_OF_STRUCTURE = 8;
  private static final int OFFSET_OF_STRINGS = 12;
  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int NOTHING = 4;
  private static final int END = 9;

  /** Linux and libfdt read no tree with deeper nodes either: FDT_MAX_DEPTH. */
  private static final int DEEPEST = 64;

  private final ByteBuffer bytes;
  private final int strings;
  private final Position position;

  private Flattened(byte[] tree, Position position) {
    this.bytes = ByteBuffer.wrap(tree);
    this.position = position;
    bytes.position(bytes.getInt(OFFSET_OF_STRUCTURE));
    this.strings = bytes.getInt(OFFSET_OF_STRINGS);
  }

  static boolean looksLike(byte[] bytes) {
    return bytes.length >= Integer.BYTES && ByteBuffer.wrap(bytes).getInt() == MAGIC;
  }

  /**
   * Reads a whole tree; every node and property gets the file as its place.
   *
   * @throws SourceException where it is damaged
   */
  static Node read(byte[] tree, String file) {
    try {
      return new Flattened(tree, Position.of(file)).tree();
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new SourceException(
          Position.of(file), "a damaged device tree: it ends too early", AGAIN);
    }
  }

  private Node tree() {
    @Nullable Node root = null;
    @Nullable Node at = null;
    int depth = 0;
    while (true) {
      int token = bytes.getInt();
      switch (token) {
        case BEGIN_NODE -> {
          if (++depth > DEEPEST) {
            throw damaged();
          }
          Node node = new Node(text(bytes.position(), true), at, position);
          if (at == null) {
            root = node;
          } else {
            at.add(node);
          }
          at = node;
        }
        case END_NODE -> {
          at = needed(at).parent();
          depth--;
        }
        case PROPERTY -> needed(at).put(property());
        case NOTHING -> {}
        case END -> {
          return needed(root);
        }
        default -> throw damaged();
      }
    }
  }

  private Node needed(@Nullable Node node) {
    if (node == null) {
      throw damaged();
    }
    return node;
  }

  private SourceException damaged() {
    return new SourceException(position, "a damaged device tree", AGAIN);
  }

  private Property property() {
    int size = bytes.getInt();
    if (size < 0 || size > bytes.remaining()) {
      throw damaged();
    }
    byte[] value = new byte[size];
    String name = text(strings + bytes.getInt(), false);
    bytes.get(value);
    align();
    return new Property(name, value, position);
  }

  /** A string up to its zero; one of the structure is passed over with its padding. */
  private String text(int from, boolean passOver) {
    int end = from;
    while (bytes.get(end) != 0) {
      end++;
    }
    if (passOver) {
      bytes.position(end + 1);
      align();
    }
    return new String(bytes.array(), from, end - from, StandardCharsets.ISO_8859_1);
  }

  private void align() {
    bytes.position((bytes.position() + Integer.BYTES - 1) & -Integer.BYTES);
  }
}
