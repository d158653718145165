package ristretto.compiler.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import ristretto.compiler.link.CodeMap.Frame;
import ristretto.compiler.link.CodeMap.Place;
import ristretto.core.trap.Symbols;

/** What the compiler writes is what the hypervisor reads. */
class SymbolRoundTripTest {
  private static final long TEXT = 0x8000_0000_0000L;

  private static final Map<String, String> JAVA_NAMES =
      Map.of(
          "Traps_hvc", "ristretto.core.trap.Traps.hvc",
          "Table_at", "ristretto.core.Table$Row.at",
          "Log_put", "ristretto.core.console.Log.<init>");

  private static final List<Place> PLACES =
      List.of(
          place(0x40, 0x40, true, new Frame("Traps_hvc", "Traps.java", 100)),
          place(0x48, 0x40, false, new Frame("Traps_hvc", "Traps.java", 90)),
          place(
              0x50,
              0x40,
              false,
              new Frame("Table_at", "Table.java", 7),
              new Frame("Log_put", "Log.java", 70_000),
              new Frame("Traps_hvc", "Traps.java", 101)),
          place(0x54, 0x40, false, new Frame("Traps_hvc", "Traps.java", 102)),
          place(0x2000, 0x2000, false, new Frame("vectors", "entry.S", 3)));

  private final Symbols symbols = read(PLACES);

  @Test
  void printsFramesAsAJavaStackTraceDoes() {
    assertEquals(
        List.of(
            "ristretto.core.Table$Row.at(Table.java:7)",
            "ristretto.core.console.Log.<init>(Log.java:70000)",
            "ristretto.core.trap.Traps.hvc(Traps.java:101)"),
        frames(symbols, TEXT + 0x50));
    assertEquals(
        List.of("ristretto.core.trap.Traps.hvc(Traps.java:102)"), frames(symbols, TEXT + 0x54));
  }

  @Test
  void aFunctionThatIsNotJavaKeepsItsName() {
    assertEquals(List.of("vectors(entry.S:3)"), frames(symbols, TEXT + 0x2000));
  }

  @Test
  void aRecordHoldsUntilTheNext() {
    assertEquals(
        List.of("ristretto.core.trap.Traps.hvc(Traps.java:90)"), frames(symbols, TEXT + 0x4c));
    assertTrue(symbols.returnAddressInLinkRegister(TEXT + 0x44));
    assertFalse(symbols.returnAddressInLinkRegister(TEXT + 0x48));
  }

  @Test
  void anAddressBeforeTheFirstFunctionHasNoFrames() {
    assertEquals(0, symbols.frameCount(TEXT + 0x3c));
    assertEquals(0, symbols.frameCount(0));
    assertEquals(0, symbols.frameCount(TEXT - 4));
  }

  @Test
  void everyRandomPlaceComesBack() {
    long seed = Long.getLong("ristretto.seed", 1);
    Random random = new Random(seed);
    List<Place> places = new ArrayList<>();
    int offset = 0;
    for (int function = 0; function < 60; function++) {
      offset += 4 * random.nextInt(1, 5000);
      int start = offset;
      for (int i = random.nextInt(1, 80); i > 0; i--) {
        places.add(new Place(offset, start, randomFrames(random, function), random.nextBoolean()));
        offset += 4 * random.nextInt(1, 200);
      }
    }
    Symbols all = read(places);
    for (Place place : places) {
      long address = TEXT + place.offset();
      assertEquals(place.frames().stream().map(this::text).toList(), frames(all, address));
      assertEquals(place.returnInLinkRegister(), all.returnAddressInLinkRegister(address));
    }
  }

  private static List<Frame> randomFrames(Random random, int function) {
    List<Frame> frames = new ArrayList<>();
    for (int depth = random.nextInt(4); depth > 0; depth--) {
      frames.add(new Frame("inlined" + random.nextInt(9), "Other.java", random.nextInt(1, 3000)));
    }
    frames.add(new Frame("function" + function, "File.java", random.nextInt(1, 100_000)));
    return frames;
  }

  private String text(Frame frame) {
    return frame.function() + "(" + frame.file() + ":" + frame.line() + ")";
  }

  private static Place place(int offset, int function, boolean inLinkRegister, Frame... frames) {
    return new Place(offset, function, List.of(frames), inLinkRegister);
  }

  private static Symbols read(List<Place> places) {
    byte[] table = SymbolTable.encode(places, JAVA_NAMES);
    return new Symbols(offset -> table[offset] & 0xff, TEXT);
  }

  private static List<String> frames(Symbols symbols, long address) {
    List<String> frames = new ArrayList<>();
    for (int i = 0; i < symbols.frameCount(address); i++) {
      StringBuilder text = new StringBuilder();
      symbols.printFrame(address, i, c -> text.append((char) c));
      frames.add(text.toString());
    }
    return frames;
  }
}
