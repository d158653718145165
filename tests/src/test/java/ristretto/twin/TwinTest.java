package ristretto.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a class prints at EL2 is what it prints on the JVM. */
class TwinTest {
  @Test
  void everyFaultEndsInAnError() {
    Map<String, String> outputs = JvmTwins.outputs();
    for (Map.Entry<String, String> output : outputs.entrySet()) {
      boolean isFault = output.getValue().contains("fault ");
      boolean wanted = output.getValue().contains("  at ristretto.twin.fault.");
      assertEquals(isFault, wanted, output.getKey() + ":\n" + output.getValue());
    }
  }

  @TestFactory
  @Tag("qemu")
  List<DynamicTest> bothLivesPrintTheSame() throws IOException, InterruptedException {
    Path output = Path.of("target", "twin");
    TwinImage.build(output);
    TwinImage.Run run = TwinImage.boot(output.resolve("twin"), 3);
    Map<String, String> image = run.outputs();
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(
        DynamicTest.dynamicTest(
            "sent by the UARTs",
            () -> {
              assertEquals(JvmTwins.sentByPl011(), run.sentByPl011());
              assertEquals(JvmTwins.sentByNs16550(), run.sentByNs16550());
            }));
    Map<String, String> version2 = TwinImage.boot(output.resolve("twin"), 2).outputs();
    tests.add(
        DynamicTest.dynamicTest(
            "Gic, version 2", () -> assertEquals(JvmTwins.outputOfGicv2(), version2.get("Gic"))));
    JvmTwins.outputs()
        .forEach((name, expected) ->
            tests.add(
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      assertTrue(image.containsKey(name), name + " did not run in the image");
                      assertEquals(untilRun(expected), seen(name, image.getOrDefault(name, "")));
                    })));
    return tests;
  }

  /**
   * A method that is called directly meets a null receiver when it first uses it: one frame more
   * than on the JVM.
   */
  private static String seen(String name, String output) {
    String seen = untilRun(output);
    return name.equals("NullCall") ? seen.replaceFirst("(?m)^  at .*Thing.grow.*\\n", "") : seen;
  }

  /** Below a twin's run method the two lives have nothing in common. */
  private static String untilRun(String output) {
    int run = output.indexOf(".run(");
    return run < 0 ? output : output.substring(0, output.indexOf('\n', run));
  }
}
