package ristretto.compiler.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where each instruction of a linked image comes from, by its debug information.
 *
 * <p>Only instructions at which a backtrace can begin or pass are asked for: calls, loads and
 * stores that may fault, BRK and the system instructions. The others would triple the table.
 */
final class CodeMap {
  /** A position in a source file; {@code function} is the C or assembly name. */
  record Frame(String function, String file, int line) {}

  /**
   * One instruction.
   *
   * @param offset bytes from the start of the text
   * @param function offset of the function's first instruction
   * @param frames innermost first; more than one where the compiler inlined
   * @param returnInLinkRegister the function has not saved its return address here
   */
  record Place(int offset, int function, List<Frame> frames, boolean returnInLinkRegister) {}

  private static final Pattern LOCATION = Pattern.compile("(.*):(\\d+):\\d+");
  private static final Pattern CFI_ROW =
      Pattern.compile("^  0x([0-9a-f]+): CFA=(.*)$", Pattern.MULTILINE);

  private final Toolchain toolchain;
  private final Path elf;
  private final Path directory;
  private final long base;
  private final byte[] text;
  private final TreeMap<Integer, String> functions = new TreeMap<>();

  CodeMap(Toolchain toolchain, Path elf) {
    this.toolchain = toolchain;
    this.elf = elf;
    this.directory = elf.resolveSibling(".").toAbsolutePath().normalize();
    ElfFile file = ElfFile.read(elf);
    ElfFile.Section section = file.section(".text").orElseThrow();
    this.base = section.address();
    this.text = file.contents(section);
    for (ElfFile.Symbol symbol : file.symbols()) {
      long offset = symbol.value() - base;
      // "$x" and "$d" are mapping symbols of the Arm ELF ABI, not places in the program.
      if (offset >= 0 && offset < text.length && !symbol.name().matches("|\\$.*|\\.L.*")) {
        functions.merge(
            (int) offset, symbol.name(), (old, name) -> symbol.isFunction() ? name : old);
      }
    }
  }

  List<Place> places() {
    List<Integer> offsets = new ArrayList<>();
    StringBuilder addresses = new StringBuilder();
    for (int offset = 0; offset + 4 <= text.length; offset += 4) {
      if (canAppearInBacktrace(instruction(offset)) && functions.floorKey(offset) != null) {
        offsets.add(offset);
        addresses.append("0x").append(Long.toHexString(base + offset)).append('\n');
      }
    }
    List<List<Frame>> frames = symbolize(addresses.toString());
    if (frames.size() != offsets.size()) {
      throw new BuildException(
          "llvm-symbolizer answered " + frames.size() + " of " + offsets.size());
    }
    NavigableMap<Long, Boolean> rows = returnAddressRows();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < offsets.size(); i++) {
      int offset = offsets.get(i);
      var row = rows.floorEntry(base + offset);
      var function = functions.floorEntry(offset);
      places.add(
          new Place(
              offset,
              function.getKey(),
              withName(frames.get(i), function.getValue()),
              row != null && row.getValue()));
    }
    return places;
  }

  /** Names of the functions that exist in the image. */
  Set<String> functionNames() {
    return new HashSet<>(functions.values());
  }

  private int instruction(int at) {
    return ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  /** Arm ARM DDI 0487, "A64 instruction set encoding". */
  static boolean canAppearInBacktrace(int instruction) {
    boolean call = instruction >>> 26 == 0b100101 || (instruction & 0xfffffc1f) == 0xd63f0000;
    boolean systemOrException = instruction >>> 25 == 0xd4 >>> 1;
    boolean loadOrStore = (instruction >>> 25 & 0b0101) == 0b0100;
    // A literal load does not fault, and the stack pointer as base is the function's own frame.
    boolean literal = (instruction >>> 27 & 0b111) == 0b011;
    boolean onStack = (instruction >>> 5 & 31) == 31;
    return call || systemOrException || (loadOrStore && !literal && !onStack);
  }

  private List<List<Frame>> symbolize(String addresses) {
    String output =
        toolchain.run(
            directory,
            addresses,
            "llvm-symbolizer",
            List.of("--obj=" + elf.getFileName(), "--functions=linkage", "--no-demangle"));
    List<List<Frame>> all = new ArrayList<>();
    for (String block : output.split("\n\n", -1)) {
      List<String> lines = block.lines().filter(line -> !line.isEmpty()).toList();
      List<Frame> frames = new ArrayList<>();
      for (int i = 0; i + 1 < lines.size(); i += 2) {
        Matcher location = LOCATION.matcher(lines.get(i + 1));
        if (!location.matches()) {
          throw new BuildException("cannot read llvm-symbolizer's line: " + lines.get(i + 1));
        }
        String path = location.group(1);
        String file = path.substring(path.lastIndexOf('/') + 1);
        frames.add(new Frame(lines.get(i), file, Integer.parseInt(location.group(2))));
      }
      if (!frames.isEmpty()) {
        all.add(frames);
      }
    }
    return all;
  }

  /** Assembly has lines but no function in its debug information. */
  private static List<Frame> withName(List<Frame> frames, String symbol) {
    if (!frames.getLast().function().equals("??")) {
      return frames;
    }
    List<Frame> named = new ArrayList<>(frames);
    Frame outermost = frames.getLast();
    named.set(frames.size() - 1, new Frame(symbol, outermost.file(), outermost.line()));
    return named;
  }

  /** From which address on the return address is (true) or is not (false) in the link register. */
  private NavigableMap<Long, Boolean> returnAddressRows() {
    String output =
        toolchain.run(
            directory,
            "",
            "llvm-dwarfdump",
            List.of("--debug-frame", elf.getFileName().toString()));
    NavigableMap<Long, Boolean> rows = new TreeMap<>();
    Matcher row = CFI_ROW.matcher(output);
    while (row.find()) {
      rows.put(Long.parseUnsignedLong(row.group(1), 16), !row.group(2).contains("W30="));
    }
    return rows;
  }
}
