package mailfrom;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mailfrom.app.Configuration;
import mailfrom.app.pace.MachineClock;
import mailfrom.app.pace.SystemMachineClock;
import mailfrom.app.read.Dns;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void onlyTheDnsAdapterAndItsStandInKnowDnsjava() {
    noClasses()
        .that()
        .resideOutsideOfPackages("mailfrom.dns..", "mailfrom.priming..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.xbill..")
        .check(FUNCTIONS);
  }

  /** It is a fake AWS inside of what is deployed: nobody may take it for the real one. */
  @Test
  void onlyTheDoorsKnowPriming() {
    noClasses()
        .that()
        .resideOutsideOfPackages("mailfrom.priming..", "mailfrom.api..", "mailfrom.watch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("mailfrom.priming..")
        .check(FUNCTIONS);
  }

  /** It goes through the adapters: of the AWS SDK, of rows and of rules it knows nothing. */
  @Test
  void primingKnowsTheAdaptersAndTheProtocolsOnly() {
    classes()
        .that()
        .resideInAPackage("mailfrom.priming..")
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                    "mailfrom.priming..",
                    "mailfrom.aws",
                    "mailfrom.dns",
                    "com.amazonaws.services.lambda.runtime",
                    "com.fasterxml.jackson..",
                    "org.crac..",
                    "org.slf4j..",
                    "org.jspecify.annotations..",
                    "org.xbill.DNS..",
                    "java..",
                    "javax.net.ssl..")
                .or(JavaClass.Predicates.type(Configuration.class))
                .or(JavaClass.Predicates.type(SystemMachineClock.class))
                .or(JavaClass.Predicates.type(MachineClock.class))
                .or(JavaClass.Predicates.type(Dns.class)))
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
  void noRoomsOfTheUseCasesOrOfTheDomainKnowEachOtherInACircle() {
    slices().matching("mailfrom.app.(*)..").should().beFreeOfCycles().check(FUNCTIONS);
    slices().matching("mailfrom.domain.(*)..").should().beFreeOfCycles().check(FUNCTIONS);
  }

  @Test
  void whoReadsARequestKnowsNoAnswer() {
    noClasses()
        .that()
        .resideInAPackage("mailfrom.api.request")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("mailfrom.api")
        .check(FUNCTIONS);
  }

  /** What a room is for says who it may know: arrows go down in this table. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app.pace       |
          app.fleet      | app.json
          app.store      | app.fleet
          app.json       |
          app.read       | app.pace, app.store
          app.advice     | app.json
          app.text       | app.pace, app.json, app.advice
          app.tell       | app.pace, app.store, app.text
          app.apply      | app.pace, app.store, app.read
          app.settings   | app.pace, app.store, app.json, app.read, app.apply, app.fleet
          app.batch      | app.pace, app.store, app.read, app.settings
          domain.name    |
          domain.ses     | domain.name
          domain.dns     | domain.name, domain.ses
          domain.findings | domain.name, domain.ses, domain.dns
          domain.desired | domain.name, domain.ses, domain.dns, domain.findings
          domain.effect  | domain.name, domain.ses, domain.dns, domain.findings, domain.desired
          """)
  void aRoomKnowsOnlyThoseBelowIt(String room, @Nullable String known) {
    Set<String> allowed = new TreeSet<>(Set.of("mailfrom." + room));
    for (String other : known == null ? new String[0] : known.split(", ")) {
      allowed.add("mailfrom." + other);
    }
    String floor = room.substring(0, room.indexOf('.'));
    noClasses()
        .that()
        .resideInAPackage("mailfrom." + room + "..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("mailfrom." + floor + "..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAnyPackage(
                            allowed.stream().map(one -> one + "..").toArray(String[]::new)))))
        .check(FUNCTIONS);
  }

  @Test
  void eachRoomSaysInOneSentenceWhatItIsFor() throws IOException {
    Set<String> silent = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("functions"))) {
      for (Path file : files.filter(f -> f.endsWith("package-info.java")).toList()) {
        String text = Files.readString(file).replaceAll("\\s*\n \\*(?!/)\\s*", " ");
        if (!text.matches("(?s)/\\*\\*\\s*[A-Z][^.]+(?:[.][a-zA-Z][^.]*)*[.]\\s*\\*/.*")) {
          silent.add(file.toString());
        }
      }
    }
    assertTrue(silent.isEmpty(), silent.toString());
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
