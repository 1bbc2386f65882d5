package io.flocker;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.util.Set;

/** The modules' directions, and the one room that each outside library has. */
@AnalyzeClasses(
    packages = "io.flocker",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoFixtures.class})
class ArchitectureTest {
  /** Leaves out what modules' tests share, which comes as a jar once it is packaged. */
  static final class NoFixtures implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule COMMANDS_START_WITHOUT_NETTY =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.flocker.http.client..",
              "io.flocker.cli.command..",
              "io.flocker.cli.deploy..",
              "io.flocker.cli.watch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule CORE_KNOWS_NO_OTHER_ROOM =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.core..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.flocker.zfs..",
                  "io.flocker.http..",
                  "io.flocker.transfer..",
                  "io.flocker.cli..",
                  "io.netty..",
                  "picocli..",
                  "com.networknt.."));

  @ArchTest
  static final ArchRule ZFS_KNOWS_NO_NETWORK =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.zfs..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.flocker.http..", "io.flocker.transfer..", "io.flocker.cli..", "io.netty.."));

  @ArchTest
  static final ArchRule HTTP_KNOWS_NO_ZFS =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.http..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.flocker.zfs..", "io.flocker.transfer..", "io.flocker.cli..", "picocli.."));

  @ArchTest
  static final ArchRule TRANSFER_SEES_ONLY_PORTS =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.transfer..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.flocker.zfs..", "io.flocker.cli..", "picocli.."));

  @ArchTest
  static final ArchRule ONLY_PKI_KNOWS_BOUNCY_CASTLE =
      only("io.flocker.core.pki..", "org.bouncycastle..");

  @ArchTest
  static final ArchRule ONLY_OS_CALLS_C = only("io.flocker.core.os..", "java.lang.foreign..");

  /** What is mounted may never answer: they ask it by {@code core.os.FileCalls} only. */
  @ArchTest
  static final ArchRule ONLY_FOLDERS_OF_VOLUMES_TOUCH_FILES =
      noClasses()
          .that(
              resideInAnyPackage(
                      "io.flocker.core.volume..",
                      "io.flocker.core.storage..",
                      "io.flocker.zfs..",
                      "io.flocker.transfer..")
                  .and(
                      describe(
                          "are not of the folders",
                          type ->
                              !Set.of("MountFolder", "BareFolders")
                                  .contains(type.getSimpleName()))))
          .should()
          .dependOnClassesThat(type(Files.class));

  @ArchTest
  static final ArchRule ONLY_LOG_KNOWS_LOG4J =
      only("io.flocker.core.log..", "org.apache.logging..");

  @ArchTest
  static final ArchRule FEW_KNOW_JCTOOLS =
      noClasses()
          .that(resideOutsideOfPackages("io.flocker.core.log..", "io.flocker.core.event.."))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jctools..");

  @ArchTest
  static final ArchRule ONLY_SCHEMA_KNOWS_ITS_VALIDATOR =
      only("io.flocker.http.schema..", "com.networknt..");

  @ArchTest
  static final ArchRule ONLY_METRICS_KNOWS_PROMETHEUS =
      only("io.flocker.http.metrics..", "io.prometheus..");

  private static final Set<String> MAKES_A_MAPPER = Set.of("builder", "shared", "rebuild");

  @ArchTest
  static final ArchRule ONE_PLACE_MAKES_JSON_MAPPERS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.flocker.core.json..")
          .should()
          .callMethodWhere(
              describe(
                  "it makes a mapper or a factory",
                  call ->
                      resideInAPackage("tools.jackson..").test(call.getTargetOwner())
                          && MAKES_A_MAPPER.contains(call.getName())));

  @ArchTest
  static final ArchRule ONLY_YAML_KNOWS_ITS_PARSER =
      only("io.flocker.core.yaml..", "org.snakeyaml..");

  @ArchTest
  static final ArchRule ONLY_COMMANDS_KNOW_PICOCLI = only("io.flocker.cli..", "picocli..");

  @ArchTest
  static final ArchRule ONLY_WATCH_KNOWS_FULL_SCREENS =
      only("io.flocker.cli.watch..", "org.jline..");

  @ArchTest
  static final ArchRule NOBODY_BUT_STORE_KNOWS_JDBC =
      only("io.flocker.core.store..", "java.sql..", "org.sqlite..");

  @ArchTest
  static final ArchRule COMMANDS_CLIENT_IS_PURE_JDK =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.http.client..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.netty..", "com.networknt.."));

  @ArchTest
  static final ArchRule PIPES_KNOW_OF_OURS_ONLY_THE_SYSTEM_CALLS =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.transfer.pipe..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.flocker..")
                  .and(
                      resideOutsideOfPackages("io.flocker.transfer.pipe..", "io.flocker.core.os")));

  /** Each module puts its own parts together. */
  @ArchTest
  static final ArchRule DAEMON_ONLY_JOINS_MODULES =
      noClasses()
          .that()
          .resideInAPackage("io.flocker.cli.daemon..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.flocker.transfer.push..",
                  "io.flocker.transfer.receive..",
                  "io.flocker.http.describe..",
                  "io.flocker.http.router.."));

  @ArchTest
  static final ArchRule NO_MODULE_CYCLES =
      slices().matching("io.flocker.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule NO_CYCLES_IN_CORE = packagesWithoutCycles("io.flocker.core");

  @ArchTest static final ArchRule NO_CYCLES_IN_ZFS = packagesWithoutCycles("io.flocker.zfs");

  @ArchTest static final ArchRule NO_CYCLES_IN_HTTP = packagesWithoutCycles("io.flocker.http");

  @ArchTest
  static final ArchRule NO_CYCLES_IN_TRANSFER = packagesWithoutCycles("io.flocker.transfer");

  @ArchTest static final ArchRule NO_CYCLES_IN_CLI = packagesWithoutCycles("io.flocker.cli");

  private static ArchRule packagesWithoutCycles(String room) {
    return slices().matching(room + ".(*)..").should().beFreeOfCycles();
  }

  private static ArchRule only(String room, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries))
        .allowEmptyShould(true);
  }
}
