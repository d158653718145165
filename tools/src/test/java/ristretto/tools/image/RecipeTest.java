package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import ristretto.tools.debian.KernelModules;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.uboot.BootSetup;
import ristretto.tools.uboot.MemoryPlan;

/** Whoever changes how a suite's images are made gets other images. */
class RecipeTest {
  private static String file(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  @Test
  void hasEveryClassThatAnImageIsMadeBy() {
    Set<String> files = Recipe.of(SuiteImages.class).keySet();
    for (Class<?> part :
        new Class<?>[] {
          SuiteImages.class,
          KernelModules.class,
          BootSetup.class,
          CardContents.class,
          PackageStore.class,
          PackageStore.Packages.class,
          MemoryPlan.Range.class,
          InitialRamdisk.class
        }) {
      assertTrue(files.contains(file(part)), () -> part + " in " + files);
    }
  }

  /** A change there costs nobody minutes. */
  @Test
  void hasNothingThatIsOfCardsAlone() {
    Set<String> files = Recipe.of(SuiteImages.class).keySet();
    for (Class<?> other : new Class<?>[] {CardBuild.class, CardCheck.class, ExampleDomus.class}) {
      assertFalse(files.contains(file(other)), () -> other + " in " + files);
    }
  }
}
