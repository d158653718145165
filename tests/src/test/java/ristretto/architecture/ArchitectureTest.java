package ristretto.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ristretto.lang.HostOnly;
import ristretto.lang.Intrinsic;

/** What ARCHITECTURE.md says of packages holds in the class files. */
class ArchitectureTest {
  private static final String ROOT = "ristretto.";

  /** Programs of the twin tests: tests, though not among the test classes. */
  private static final String TWINS = "ristretto.twin..";

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ristretto");

  private static String[] all(String... packages) {
    return Stream.of(packages).map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  private static DescribedPredicate<JavaClass> oursBeside(String layer, List<String> known) {
    List<String> allowed = new ArrayList<>(known);
    allowed.add(layer);
    DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage("ristretto..");
    return ours.and(
            DescribedPredicate.not(
                JavaClass.Predicates.resideInAnyPackage(all(allowed.toArray(String[]::new)))))
        .as("classes of Ristretto outside of " + allowed);
  }

  @TestFactory
  Stream<DynamicTest> aLayerKnowsThoseBelowIt() {
    return Stream.of(Layers.IMAGE, Layers.HOST)
        .map(Map::entrySet)
        .flatMap(Set::stream)
        .sorted(Map.Entry.comparingByKey())
        .map(layer ->
            DynamicTest.dynamicTest(
                layer.getKey(),
                () ->
                    noClasses()
                        .that()
                        .resideInAPackage(ROOT + layer.getKey() + "..")
                        .should()
                        .dependOnClassesThat(oursBeside(layer.getKey(), layer.getValue()))
                        .check(ALL)));
  }

  @Test
  void everyPackageHasALayer() {
    Set<String> known = new TreeSet<>(Layers.IMAGE.keySet());
    known.addAll(Layers.HOST.keySet());
    known.add("twin");
    assertEquals(
        known,
        ALL.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()).split("\\.", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void theImageUsesNothingOfTheHostsLibraries() {
    classes()
        .that()
        .resideInAnyPackage(all(Layers.IMAGE.keySet().toArray(String[]::new)))
        .and()
        .areNotAnnotatedWith(HostOnly.class)
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                    "ristretto..",
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke", // lambdas that capture nothing
                    "java.lang.runtime", // records' own methods, of which the image has none
                    "java.util.concurrent.atomic",
                    "org.jspecify..")
                .or(DescribedPredicate.describe("known helpers", ArchitectureTest::isHelper)))
        .because("the compiler translates nothing else; see CONTRIBUTING.md")
        .check(ALL);
  }

  /** Fill and null checks; and the character set of messages, whose toString is @HostOnly. */
  private static boolean isHelper(JavaClass type) {
    return type.isEquivalentTo(Objects.class)
        || type.isEquivalentTo(Arrays.class)
        || type.getPackageName().equals("java.nio.charset");
  }

  @Test
  void instructionsAreInTheMachineLayer() {
    methods()
        .that()
        .areAnnotatedWith(Intrinsic.class)
        .should()
        .beDeclaredInClassesThat()
        .resideInAPackage("ristretto.machine")
        .check(ALL);
  }

  @TestFactory
  Stream<DynamicTest> aPackageOfTheCoreKnowsThoseBeforeIt() {
    return Layers.CORE.stream()
        .map(name ->
            DynamicTest.dynamicTest(
                name,
                () ->
                    noClasses()
                        .that()
                        .resideInAPackage(core(name))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                            forbidden(name).stream()
                                .map(ArchitectureTest::core)
                                .toArray(String[]::new))
                        .because("the order is in Layers.CORE, its exceptions in Layers.UPWARD")
                        .allowEmptyShould(true)
                        .check(ALL)));
  }

  private static String core(String name) {
    return ROOT + "core." + name + "..";
  }

  private static List<String> forbidden(String name) {
    List<String> later =
        new ArrayList<>(Layers.CORE.subList(Layers.CORE.indexOf(name) + 1, Layers.CORE.size()));
    Layers.UPWARD.stream()
        .filter(edge -> edge.from().equals(name))
        .forEach(edge -> later.remove(edge.to()));
    return later;
  }

  @Test
  void theCoresPackagesAreThoseOfTheOrder() {
    assertEquals(
        new TreeSet<>(Layers.CORE),
        ALL.getPackage("ristretto.core").getSubpackages().stream()
            .map(JavaPackage::getRelativeName)
            .collect(Collectors.toCollection(TreeSet::new)),
        "a new package of the core gets its place in Layers.CORE");
  }

  /** An exception that nobody needs any more would hide a new edge. */
  @Test
  void everyExceptionOfTheOrderIsNeeded() {
    for (Layers.Upward edge : Layers.UPWARD) {
      assertTrue(
          Layers.CORE.indexOf(edge.from()) < Layers.CORE.indexOf(edge.to()),
          edge + " is no exception");
      assertFalse(
          ALL
              .getPackage("ristretto.core." + edge.from())
              .getPackageDependenciesFromThisPackage()
              .stream()
              .noneMatch(target -> target.getName().equals("ristretto.core." + edge.to())),
          edge + " is not there any more: remove it");
    }
  }

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        ALL.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(name -> !name.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .sorted()
            .toList();
    assertEquals(List.of(), unmarked, "package-info.java lacks @NullMarked");
  }

  @Test
  void testsAreNotInTheProduct() {
    noClasses()
        .that()
        .resideOutsideOfPackage(TWINS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TWINS, "org.junit..")
        .check(ALL);
  }
}
