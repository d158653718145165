package ristretto.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The shape of the C file; what it means is tested by the twins. */
class TranslatorTest {
  private static final String SHAPES =
      """
      interface Shape { int area(); }
      record Square(int side) implements Shape { public int area() { return side * side; } }
      record Disc(int radius) implements Shape { public int area() { return 3 * radius * radius; } }
      static Shape[] shapes = {new Square(2), new Disc(3)};
      static int unused() { return 1; }
      @Export("area") @TrapRoot static int area(int i) { return shapes[i].area(); }
      """;

  @Test
  void sameClassesGiveTheSameBytes() {
    String body =
        SHAPES + "static Runnable r = () -> {}; @Export(\"r\") static void r() { r.run(); }";
    Sources.withClasses(
        body,
        classPath -> {
          assertEquals(Translator.translate(classPath).c(), Translator.translate(classPath).c());
          return 0;
        });
  }

  @Test
  void callGraphHasEveryTargetOfAVirtualCall() {
    CallGraph.Function area =
        Sources.translate(SHAPES).callGraph().functions().stream()
            .filter(f -> f.name().equals("area"))
            .findFirst()
            .orElseThrow();
    assertEquals("demo.Demo.area", area.javaName());
    assertEquals(List.of("demo_Demo_Disc_area", "demo_Demo_Square_area"), area.callees());
    assertTrue(area.trapRoot());
    assertTrue(area.exported());
  }

  @Test
  void namesFunctionsForBacktracesAndLeavesOutWhatNothingCalls() {
    Translation translation = Sources.translate(SHAPES);
    assertEquals("demo.Demo$Disc.area", translation.javaNames().get("demo_Demo_Disc_area"));
    assertFalse(translation.c().contains("demo_Demo_unused"));
  }

  @Test
  void onlyWhatATrapReachesIsMadeFast() {
    String c =
        Sources.translate(
                """
                @Export("boot") static void boot() { once(1); both(1); }
                @Export("trap") @TrapRoot static void trap() { both(2); rare(); }
                static int x;
                static void once(int i) { x += i; }
                static void both(int i) { x -= i; }
                @Cold static void rare() { report(); }
                static void report() { x = 0; }\
                """)
            .c();
    String small = "__attribute__((cold, minsize)) static ";
    assertTrue(c.contains(small + "void demo_Demo_once"), c);
    assertTrue(c.contains(small + "void demo_Demo_report"), c);
    assertFalse(c.contains(small + "void demo_Demo_both"), c);
  }

  @Test
  void aColdTargetIsAskedForLast() {
    String c =
        Sources.translate(
                """
                interface Device { int read(); }
                @Cold static final class Console implements Device { public int read() { return 1; } }
                static final class Timer implements Device { public int read() { return 2; } }
                static Device[] devices = {new Console(), new Timer()};
                @Export("read") @TrapRoot static int read(int i) { return devices[i].read(); }\
                """)
            .c();
    String choice = c.substring(c.indexOf("call0_read(void *p0) {"));
    int timer = choice.indexOf("demo_Demo_Timer_read(p0)");
    assertTrue(timer >= 0 && timer < choice.indexOf("demo_Demo_Console_read(p0)"), choice);
  }

  @Test
  void arraysOfZerosTakeNoRoomInTheImage() {
    String c =
        Sources.translate(
                """
                static byte[] ring = new byte[4096];
                static long[] few = new long[2];
                static int[] filled = {1, 2, 3, 4, 5, 6, 7, 8, 9};
                @Export("put") static void put(int i) { ring[i] = 1; few[i] = 1; filled[i] = 1; }\
                """)
            .c();
    assertTrue(c.contains("_4096 object0;\n"), c);
    assertFalse(c.contains("object0 = "), c);
    assertTrue(c.contains("{&object0.object, {"), c);
    assertTrue(c.contains("object1 = ") && c.contains("object2 = "), c);
  }

  @Test
  void linesPointToTheSource() {
    String c = Sources.translate(SHAPES).c();
    assertTrue(
        c.contains("#line 9 \"demo/Demo.java\"\n__attribute__((preserve_none)) int32_t area("), c);
  }

  @Test
  void aLambdaHasTheLineWhereItStands() {
    String c =
        Sources.translate(
                """
                interface Reader { int read(int at); }
                static Reader reader = at -> at + 1;
                @Export("read") static int read(int at) { return reader.read(at); }\
                """)
            .c();
    assertTrue(c.contains("#line 5 \"demo/Demo.java\"\nstatic int32_t demo_Demo_Lambda1_read("), c);
  }

  @Test
  void oneImplementationIsCalledDirectly() {
    String c =
        Sources.translate(
                """
                interface Device { int poll(); }
                static final class Uart implements Device { public int poll() { return 7; } }
                static Device device = new Uart();
                @Export("poll") static int poll() { return device.poll(); }\
                """)
            .c();
    assertTrue(c.contains(" = demo_Demo_Uart_poll("), c);
  }

  @Test
  void unboxedRecordsAreTheirComponent() {
    String c =
        Sources.translate(
                """
                @Unboxed record Word(long bits) { int low() { return (int) bits; } }
                @Unboxed record Both(Word word) { int low() { return word.low(); } }
                static Word last = new Word(5);
                static Word[] some = new Word[3];
                @Export("low") static int low(Word w) {
                  last = w;
                  some[1] = w;
                  return new Both(last).low() + some[1].low();
                }\
                """)
            .c();
    assertTrue(c.contains("int32_t low(int64_t w_0)"), c);
    assertTrue(c.contains("static int64_t demo_Demo__last = 5L;"), c);
    assertTrue(c.contains("struct Array_J *"), c);
  }

  @Test
  void objectsThatNothingChangesAreConstant() {
    String c =
        Sources.translate(
                """
                static final int[] TABLE = {1, 2, 3};
                static final int[] COUNTS = {1, 2, 3, 4};
                @Export("get") static int get(int i) { COUNTS[i]++; return TABLE[i]; }\
                """)
            .c();
    assertTrue(c.contains("static const struct Array_I_3 "), c);
    assertTrue(c.contains("static struct Array_I_4 "), c);
  }

  @Test
  void aFinalFieldOfAConstantIsFolded() {
    String c =
        Sources.translate(
                """
                interface Device { int poll(); }
                static final class Uart implements Device { public int poll() { return 7; } }
                static final class Null implements Device { public int poll() { return 8; } }
                static final class Board { final Device device; Board(Device d) { device = d; } }
                static Device other = new Null();
                static final Board BOARD = new Board(new Uart());
                @Export("poll") static int poll() { return BOARD.device.poll(); }
                @Export("any") static int any() { return other.poll(); }\
                """)
            .c();
    assertTrue(c.contains("demo_Demo_Uart_poll(&object"), c);
  }

  @Test
  void writesConstantsForAssembly() {
    String header =
        Sources.translate(
                """
                @AssemblyConstants static final class Frame {
                  public static final int SIZE = 272;
                  static final long BASE = 0x8000_0000_0000L;
                  static final int NEGATIVE = -5;
                  static int variable = 3;
                }
                @Export("f") static void f() {}\
                """)
            .constantsHeader();
    assertTrue(header.contains("#define Frame_SIZE 272\n"), header);
    assertTrue(header.contains("#define Frame_BASE 0x800000000000\n"), header);
    assertTrue(header.contains("#define Frame_NEGATIVE -5\n"), header);
    assertFalse(header.contains("variable"), header);
  }

  @Test
  void valuesOfAnEnumDoNotAllocate() {
    Sources.translate(
        """
        enum Way { UP, DOWN }
        @Export("f") @TrapRoot static int f(int i) { return Way.values()[i].ordinal(); }\
        """);
  }
}
