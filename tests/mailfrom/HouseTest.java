package mailfrom;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The house: which package may know which. */
class HouseTest {
  private static final JavaClasses FUNCTIONS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("mailfrom");

  @Test
  void theFunctionsAreSeenAtAll() {
    assertTrue(FUNCTIONS.contain("mailfrom.domain.effect.EffectTable"));
    assertFalse(FUNCTIONS.contain("mailfrom.HouseTest"));
  }

  @Test
  void theDomainKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("mailfrom.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("mailfrom.domain..", "java..", "org.jspecify.annotations..")
        .check(FUNCTIONS);
  }

  @Test
  void theDomainReadsNoClockAndWritesNothing() {
    noClasses()
        .that()
        .resideInAPackage("mailfrom.domain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..", "java.nio.file..", "java.net.http..", "java.util.logging..")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(FUNCTIONS);
  }

  @Test
  void theUseCasesKnowNoDoorAndNoAdapter() {
    noClasses()
        .that()
        .resideInAPackage("mailfrom.app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "mailfrom.aws..",
            "mailfrom.api..",
            "mailfrom.watch..",
            "mailfrom.dns..",
            "software.amazon..",
            "com.amazonaws..",
            "org.xbill..")
        .check(FUNCTIONS);
  }

  @Test
  void onlyTheAdaptersKnowTheAwsSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("mailfrom.aws..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk..")
        .check(FUNCTIONS);
  }

  /** What a seed makes would come twice out of one snapshot. */
  @Test
  void nothingRandomComesFromASeed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java[.]util[.](Random|SplittableRandom)")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java[.]util[.]concurrent[.]ThreadLocalRandom")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java[.]util[.]random[.]RandomGeneratorFactory")
        .orShould()
        .callMethod(java.util.random.RandomGenerator.class, "getDefault")
        .orShould()
        .callMethod(java.util.random.RandomGenerator.class, "of", String.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(FUNCTIONS);
  }

  /** It is found as a service: another one could take its place. */
  @Test
  void nobodyKnowsWhatTheLogGoesTo() {
    noClasses()
        .that()
        .resideOutsideOfPackage("mailfrom.log..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("mailfrom.log..")
        .check(FUNCTIONS);
  }

  @Test
  void noPackagesKnowEachOtherInACircle() {
    slices().matching("mailfrom.(*)..").should().beFreeOfCycles().check(FUNCTIONS);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass type : FUNCTIONS) {
      packages.add(type.getPackageName());
    }
    Set<String> unmarked = new TreeSet<>(packages);
    unmarked.removeIf(
        name -> FUNCTIONS.contain(name + ".package-info") && marked(name + ".package-info"));
    assertTrue(unmarked.isEmpty(), unmarked.toString());
  }

  private static boolean marked(String packageInfo) {
    return FUNCTIONS.get(packageInfo).isAnnotatedWith(NullMarked.class);
  }
}
