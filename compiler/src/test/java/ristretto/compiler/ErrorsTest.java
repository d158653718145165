package ristretto.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the compiler says when a program breaks a rule of the image. */
class ErrorsTest {
  private static void assertSays(String wanted, String program) {
    String errors = Sources.errors(program);
    assertTrue(errors.contains(wanted), errors);
  }

  @Test
  void namesTheFileAndLineOfAnUnsupportedInstruction() {
    assertSays(
        "Demo.java:4: floating point",
        "@Export(\"f\") static int f(int x) { return (int) (x * 1.5); }");
  }

  @Test
  void pointsToTheLogInsteadOfStringConcatenation() {
    assertSays(
        "Demo.java:4: string concatenation; log with Log",
        "@Export(\"f\") static int f(int x) { return (\"x\" + x).length(); }");
  }

  @Test
  void refusesWhatTheImageHasNot() {
    assertSays(
        "synchronized",
        "@Export(\"f\") static void f(int x) { synchronized (\"\") { g(); } } static void g() {}");
    assertSays(
        "class literal",
        "static Object o; @Export(\"f\") static void f(int x) { o = String.class; }");
    assertSays(
        "a switch over patterns",
        "static Object o; @Export(\"f\") static int f() {\n"
            + "return switch (o) { case String s -> 1; default -> 2; }; }");
    assertSays(
        "java.util.ArrayList.<init> of the JDK is not in the image",
        "@Export(\"f\") static int f() { return new java.util.ArrayList<String>().size(); }");
  }

  @Test
  void refusesAMethodThatOverridesByAccident() {
    // Throwable.setCause is visible in java.lang only.
    assertSays(
        "package-private method of a superclass in another package; give it another name",
        """
        static class Lost extends RuntimeException { void setCause(Throwable t) {} }
        @Export("f") static void f() { throw new Lost(); }\
        """);
  }

  @Test
  void showsTheWayToHostOnlyCodeOutermostFirst() {
    assertEquals(
        """
        Demo.java:5: demo.Demo.h is @HostOnly; move the call to host code or give the image its own way
            demo.Demo.f(Demo.java:4)
            demo.Demo.g(Demo.java:5)\
        """,
        Sources.errors(
            """
            @Export("f") static void f() { g(); }
            static void g() { h(); }
            @HostOnly static void h() {}\
            """));
  }

  @Test
  void showsTheWayToAnAllocationInTrapCode() {
    assertEquals(
        """
        Demo.java:5: trap code allocates a Object; make it at boot, or take it from a pool
            demo.Demo.trap(Demo.java:4)
            demo.Demo.helper(Demo.java:5)\
        """,
        Sources.errors(
            """
            @Export("trap") @TrapRoot static void trap() { helper(); }
            static Object helper() { return new Object(); }\
            """));
  }

  @Test
  void followsVirtualCallsFromTrapCode() {
    assertSays(
        "    demo.Demo$Two.act(Demo.java:6)",
        """
        interface Act { void act(); }
        static final class One implements Act { public void act() {} }
        static final class Two implements Act { public void act() { made = new int[3]; } }
        static int[] made;
        static Act[] acts = {new One(), new Two()};
        @Export("trap") @TrapRoot static void trap(int i) { acts[i].act(); }\
        """);
  }

  @Test
  void refusesThrowingAndBootCodeInTraps() {
    assertSays(
        "Demo.java:5: trap code throws an exception",
        """
        static class Bad extends RuntimeException {}
        @Export("trap") @TrapRoot static void trap(int i) { if (i > 3) throw new Bad(); }\
        """);
    assertSays(
        "Demo.java:4: trap code calls @BootOnly demo.Demo.boot; do it at boot",
        """
        @Export("trap") @TrapRoot static void trap() { boot(); }
        @BootOnly static void boot() {}\
        """);
  }

  @Test
  void allowsAFailedAssertionInTraps() {
    Sources.translate(
        """
        enum Way { UP, DOWN }
        static Way way = Way.UP;
        @Export("trap") @TrapRoot static int trap(int i) {
          assert i > 0;
          return switch (way) { case UP -> 1; case DOWN -> 2; };
        }\
        """);
  }

  @Test
  void findsRecursionInTraps() {
    assertEquals(
        """
        Demo.java:6: trap code recurses into demo.Demo.even; use a loop
            demo.Demo.trap(Demo.java:4)
            demo.Demo.even(Demo.java:5)
            demo.Demo.odd(Demo.java:6)\
        """,
        Sources.errors(
            """
            @Export("trap") @TrapRoot static boolean trap(int i) { return even(i); }
            static boolean even(int i) { return i == 0 || odd(i - 1); }
            static boolean odd(int i) { return i != 0 && even(i - 1); }\
            """));
  }

  @Test
  void allowsRecursionAtBoot() {
    Sources.translate(
        """
        @Export("boot") static int boot(int i) { return i == 0 ? 1 : boot(i - 1); }\
        """);
  }

  private static final String WORD =
      "@Unboxed record Word(long bits) { int low() { return (int) bits; } }\n";

  @Test
  void keepsUnboxedRecordsFromBeingObjects() {
    assertSays(
        "Demo.java:5: null for the @Unboxed Demo$Word",
        WORD
            + "@Export(\"f\") static int f(int x) { Word w = null; return g(w); }\n"
            + "static int g(Word w) { return w == null ? 0 : 1; }");
    assertSays(
        "Demo.java:6: the @Unboxed Demo$Word is compared by identity or with null",
        WORD
            + "@Export(\"f\") static boolean f(long x) {\n"
            + "return new Word(x) == new Word(x); }");
    assertSays(
        "Demo.java:6: the @Unboxed Demo$Word is used as Object",
        WORD + "static Object o; @Export(\"f\") static void f(long x) {\n" + "o = new Word(x); }");
    assertSays(
        "Demo.java:6: the @Unboxed Demo$Word is used as Object (argument 1 of g)",
        WORD
            + "@Export(\"f\") static void f(long x) {\n"
            + "g(new Word(x)); } static <T> T g(T t) { return t; }");
    assertSays(
        "becomes the @Unboxed Demo$Word",
        WORD
            + "static java.util.concurrent.atomic.AtomicReference<Word> r = null;\n"
            + "@Export(\"f\") static int f(long x) { return r.get().low(); }");
    assertSays(
        "the generated equals of a record",
        WORD
            + "@Export(\"f\") static boolean f(long x) { return new Word(x).equals(\"\"); }"
                .replace("\"\"", "null"));
  }

  @Test
  void saysThatAStaticInitialiserTouchedTheMachine() {
    assertSays(
        "Demo.java:4: static initialiser of demo.Demo failed while building:",
        "static final int ID = Memory.load32(0x1000);\n"
            + "@Export(\"f\") static int f() { return ID; }");
    assertSays(
        "must not touch the machine",
        "static final int ID = Memory.load32(0x1000);\n"
            + "@Export(\"f\") static int f() { return ID; }");
  }

  @Test
  void wantsConstantSystemRegisters() {
    assertSays(
        "Demo.java:4: the system register is not a constant",
        "@Export(\"f\") static long f(int i) { return SysReg.values()[i].read(); }");
  }

  @Test
  void refusesObjectsOfTheJdkInTheHeap() {
    assertSays(
        "demo.Demo.list holds a java.util.ArrayList",
        "static Object list = new java.util.ArrayList<>();\n"
            + "@Export(\"f\") static boolean f() { return list == null; }");
  }

  @Test
  void refusesTwoExportsOfOneSymbolAndAProgramWithNone() {
    assertSays(
        "demo.Demo.f and demo.Demo.g are both exported as x",
        "@Export(\"x\") static void f() {} @Export(\"x\") static void g() {}");
    assertSays("no method is annotated @Export", "static void f() {}");
  }

  @Test
  void reportsMoreThanOneError() {
    String errors =
        Sources.errors(
            """
            @Export("f") static int f(int x) { return (int) (x * 1.5f); }
            @Export("g") static int g(int x) { return ("" + x).length(); }\
            """);
    assertTrue(errors.contains("Demo.java:4") && errors.contains("Demo.java:5"), errors);
  }
}
