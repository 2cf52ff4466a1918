package dev.potluck.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The allow-list of who may use whom; the folder list of the repository is the architecture.
class ArchitectureTest {
  private static final String[] PURE = {
    "dev.potluck.content", "dev.potluck.directory", "dev.potluck.exchange", "dev.potluck.simulation"
  };

  /// A module and who may use it: those below it in the list.
  private static final Map<String, List<String>> USED_BY = usedBy();

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.potluck");

  private static Map<String, List<String>> usedBy() {
    Map<String, List<String>> allowed = new LinkedHashMap<>();
    allowed.put(
        "content",
        List.of("directory", "exchange", "wire", "peer", "doors", "cli", "simulation", "bench"));
    allowed.put(
        "directory", List.of("exchange", "wire", "peer", "doors", "cli", "simulation", "bench"));
    allowed.put("exchange", List.of("wire", "peer", "cli", "simulation", "bench"));
    allowed.put("fuse", List.of("doors", "bench"));
    allowed.put("wire", List.of("peer", "cli", "simulation", "bench"));
    allowed.put("consensus", List.of("peer", "bench"));
    allowed.put("peer", List.of("doors", "cli", "bench"));
    allowed.put("doors", List.of("cli", "bench"));
    allowed.put("cli", List.of("bench"));
    allowed.put("simulation", List.of("bench"));
    allowed.put("bench", List.of());
    return allowed;
  }

  @Test
  void arrowsPointUpTheFolderList() {
    LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String module : USED_BY.keySet()) {
      layers = layers.optionalLayer(module).definedBy("dev.potluck." + module);
    }
    for (Map.Entry<String, List<String>> module : USED_BY.entrySet()) {
      layers =
          module.getValue().isEmpty()
              ? layers.whereLayer(module.getKey()).mayNotBeAccessedByAnyLayer()
              : layers
                  .whereLayer(module.getKey())
                  .mayOnlyBeAccessedByLayers(module.getValue().toArray(String[]::new));
    }

    layers.check(PRODUCT);
  }

  @Test
  void everyClassLiesInTheFlatPackageOfAModule() {
    String[] packages =
        USED_BY.keySet().stream().map(m -> "dev.potluck." + m).toArray(String[]::new);

    classes()
        .that(not(resideInAnyPackage("dev.potluck.wire.v1..")))
        .should()
        .resideInAnyPackage(packages)
        .check(PRODUCT);
  }

  @Test
  void pureModulesUseNothingButTheLanguage() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(
            not(
                resideInAnyPackage(
                    "dev.potluck..",
                    "java.lang..",
                    "java.util..",
                    "java.math..",
                    "java.time..",
                    "java.nio",
                    "java.nio.charset",
                    "java.security",
                    "java.io",
                    "org.jspecify.annotations")))
        .check(PRODUCT);
  }

  @Test
  void pureModulesAskNoClockAndRollNoDice() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
        .orShould()
        .callMethodWhere(startsOrHoldsAThread())
        .check(PRODUCT);
  }

  /// All that {@link Thread} offers but asking for, and restoring, the interrupt flag.
  private static DescribedPredicate<JavaMethodCall> startsOrHoldsAThread() {
    return DescribedPredicate.describe(
        "start or hold a thread",
        call ->
            call.getTargetOwner().isAssignableTo(Thread.class)
                && !Set.of("currentThread", "interrupt", "interrupted").contains(call.getName()));
  }

  @Test
  void nobodySleepsWhereAConditionBelongs() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(PRODUCT);
  }

  @Test
  void thirdPartyTypesStayInTheirAdapters() {
    onlyIn(
        "dev.potluck.wire",
        "io.netty..",
        "io.grpc..",
        "com.google.protobuf..",
        "org.bouncycastle..");
    onlyIn("dev.potluck.consensus", "org.apache.ratis..");
    onlyIn("dev.potluck.cli", "picocli..", "org.jline..");
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.potluck.peer", "dev.potluck.cli", "dev.potluck.bench")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "java.sql..", "org.sqlite..")
        .check(PRODUCT);
  }

  private static void onlyIn(String home, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(home, "dev.potluck.wire.v1..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(PRODUCT);
  }
}
