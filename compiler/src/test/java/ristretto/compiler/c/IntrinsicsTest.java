package ristretto.compiler.c;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.compiler.classfile.ClassPath;
import ristretto.compiler.world.MethodInfo;
import ristretto.compiler.world.World;
import ristretto.lang.Export;

class IntrinsicsTest {
  @Test
  void knowsEveryIntrinsicOfTheMachine() throws URISyntaxException {
    Path machine =
        Path.of(Export.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    World world = new World(new ClassPath(List.of(machine)));
    Intrinsics intrinsics = new Intrinsics();
    int count = 0;
    for (String name : world.classPath().applicationClasses()) {
      for (MethodInfo method : world.classInfo(name).methods()) {
        if (method.has("Intrinsic")) {
          assertNotNull(intrinsics.template(method), method.toString());
          count++;
        }
      }
    }
    assertTrue(count > 50, "only " + count + " intrinsics found");
  }
}
