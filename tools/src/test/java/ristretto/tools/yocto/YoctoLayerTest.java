package ristretto.tools.yocto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import ristretto.tools.board.Board;
import ristretto.tools.check.Subject;
import ristretto.tools.check.rule.Rules;

/** What can be known of meta-ristretto without bitbake: its files agree with each other. */
class YoctoLayerTest {
  /** Variables of bitbake, OpenEmbedded-Core and of whoever builds, which the layer reads. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "B",
          "BUILD_HYP",
          "CORE_IMAGE_EXTRA_INSTALL",
          "D",
          "DEPLOYDIR",
          "DEPLOY_DIR_IMAGE",
          "HYP_BUILD",
          "IMAGE_NAME_SUFFIX",
          "IMAGE_ROOTFS",
          "LAYERDIR",
          "MACHINE",
          "MACHINE_ARCH",
          "PN",
          "ROOT_HOME",
          "TARGET_ARCH",
          "THISDIR",
          "UNPACKDIR",
          "WORKDIR");

  private static final Path CONFIGURATION = LayerFiles.layer().resolve("conf/layer.conf");
  private static final Path RECIPE =
      LayerFiles.layer().resolve("recipes-extended/ristretto/ristretto_0.1.bb");

  @Test
  void onePatternOfTheLayerFindsEachRecipe() throws IOException {
    List<PathMatcher> patterns =
        LayerFiles.all(CONFIGURATION, "\\$\\{LAYERDIR}/([^\\s\"]+\\.bb(?:append)?)").stream()
            .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
            .toList();
    for (Path file : LayerFiles.named("bb|bbappend")) {
      Path name = LayerFiles.layer().relativize(file);
      long found = patterns.stream().filter(pattern -> pattern.matches(name)).count();
      assertEquals(1, found, name::toString);
    }
  }

  @Test
  void everyVariableIsDefinedHereOrKnownToYocto() throws IOException {
    Set<String> defined = new TreeSet<>(OF_OTHERS);
    Set<String> read = new TreeSet<>();
    for (Path file : LayerFiles.named("bb|bbappend|inc|conf")) {
      defined.addAll(LayerFiles.all(file, "^([A-Z_]+)(?::\\S+)? *(?:\\?|:|\\+|\\?\\?)?= *\""));
      read.addAll(LayerFiles.all(file, "\\$\\{([A-Z_]+)}"));
      read.addAll(LayerFiles.all(file, "getVar\\('([A-Z_]+)'\\)"));
    }
    read.removeAll(defined);
    assertEquals(Set.of(), read);
  }

  @Test
  void everyFileOfSrcUriIsThere() throws IOException {
    int files = 0;
    for (Path recipe : LayerFiles.recipes()) {
      for (String name : LayerFiles.all(recipe, "file://([^\\s\"]+)")) {
        assertTrue(Files.exists(recipe.resolveSibling("files").resolve(name)), name);
        files++;
      }
    }
    assertEquals(2, files);
  }

  @Test
  void everyRecipeHasItsLicence() throws IOException {
    for (Path recipe : LayerFiles.named("bb")) {
      // CLOSED and an image's MIT are what OpenEmbedded-Core takes without LIC_FILES_CHKSUM.
      String expected = recipe.toString().contains("/images/") ? "MIT" : "CLOSED";
      assertEquals(Set.of(expected), LayerFiles.all(recipe, "^LICENSE = \"(.*)\""));
    }
  }

  @Test
  void theRecipesVersionIsTheProjects() throws IOException {
    Path project = LayerFiles.layer().resolveSibling("pom.xml");
    assertTrue(Files.readString(project).contains("<version>0.1</version>"));
    assertTrue(Files.exists(RECIPE));
  }

  @Test
  void theFragmentNamesAnOptionOnceWithYOrM() throws IOException {
    Path fragment = LayerFiles.layer().resolve("recipes-kernel/linux/files/xen.cfg");
    Set<String> names = new TreeSet<>();
    for (String line : LayerFiles.code(fragment).lines().filter(line -> !line.isEmpty()).toList()) {
      assertTrue(line.matches("CONFIG_[A-Z0-9_]+=[ym]"), line);
      assertTrue(names.add(line.substring(0, line.indexOf('='))), line);
    }
    assertTrue(names.containsAll(Set.of("CONFIG_XEN", "CONFIG_HVC_XEN", "CONFIG_XENFS")));
  }

  @Test
  void theExampleHasNothingToFindAndNamesTheRamdiskOfTheImage() throws IOException {
    Path example = RECIPE.resolveSibling("files/domu.cfg");
    for (String board : List.of("agilex3", "agilex5", "agilex7", "qemu")) {
      Subject subject = new Subject(Board.named(board));
      subject.add(example);
      assertEquals(List.of(), Rules.check(subject), board);
    }

    Set<String> named = LayerFiles.all(example, "^ramdisk = \"/home/root/(.*)\"");
    Path image = LayerFiles.layer().resolve("recipes-extended/images/ristretto-image-minimal.bb");
    assertEquals(named, LayerFiles.all(image, "\\$\\{ROOT_HOME}/(\\S+\\.gz)\""));
  }
}
