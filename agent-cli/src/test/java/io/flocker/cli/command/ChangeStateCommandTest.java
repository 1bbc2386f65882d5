package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.deploy.StandstillLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeStateCommandTest {
  private static final String APPLICATIONS = "{applications: {web: {image: flask}}, version: 1}\n";
  private static final String DEPLOYMENT =
      "{nodes: {one.example: [web], other.example: []}, version: 1}\n";
  private static final String CURRENT =
      """
      one.example:
        applications: {}
        used_ports: [22]
        version: 1
      other.example:
        applications:
          old: {image: null}
          web: {image: 'flask:latest'}
        used_ports: [22, 80]
        version: 1
      """;

  @TempDir private Path folder;
  private FakeCluster cluster;
  private Duration patience = Duration.ofMinutes(1);

  @BeforeEach
  void start() throws Exception {
    cluster = new FakeCluster(folder);
    cluster
        .first
        .answer("GET /v1/configuration", 200, FakeCluster.told(4, ""))
        .answer(FakeCluster.PUT, 200, FakeCluster.told(5, ""));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void tellsTheNodeByTheNameThatItIsCalledAndWaits() {
    cluster
        .first
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(4, true, ""))
        .answer(
            FakeCluster.STATUS,
            200,
            FakeCluster.status(5, false, FakeCluster.object("changing", "start web", 0)))
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    assertEquals(
        0, change(DEPLOYMENT, APPLICATIONS, CURRENT, "one.example"), cluster.err::toString);

    assertEquals("", cluster.out.toString());
    assertEquals("", cluster.err.toString());
    String told = told().getFirst();
    assertTrue(told.contains("\"generation\":5"), told);
    assertTrue(
        told.contains("{\"node\":\"" + FakeCluster.FIRST + "\",\"applications\":[\"web\"]}"), told);
    assertTrue(told.contains("{\"node\":\"other.example\""), told);
    assertEquals(
        3,
        cluster.first.requests().stream().filter(FakeCluster.STATUS::equals).count(),
        "it waits for its end");
    assertEquals(List.of(), cluster.second.requests());
  }

  @Test
  @DisplayName("131 a change that fails ends it with 1 and the cause")
  void failsWithTheCause() {
    patience = Duration.ZERO;
    cluster.first.answer(
        FakeCluster.STATUS,
        200,
        FakeCluster.status(5, false, FakeCluster.object("failed", "start web", 3)));

    assertEquals(1, change(DEPLOYMENT, APPLICATIONS, CURRENT, "one.example"));

    assertEquals("", cluster.out.toString());
    assertEquals(
        "flocker-changestate: one.example: application web is failed: start web: no such image\n",
        cluster.err.toString());
  }

  @Test
  void failsWhereTheNodeRefusesOrIsNotThere() throws Exception {
    cluster.second.close();
    cluster.close();

    assertEquals(1, change(DEPLOYMENT, APPLICATIONS, CURRENT, "one.example"));

    assertTrue(
        cluster.err.toString().startsWith("flocker-changestate: " + cluster.first.url()),
        cluster.err::toString);
  }

  static Stream<Arguments> wrong() {
    String noYaml = "a: [";
    return Stream.of(
        Arguments.of(
            "Deployment config could not be parsed as YAML:",
            List.of(noYaml, noYaml, noYaml, "\u00e4")),
        Arguments.of(
            "Application config could not be parsed as YAML:",
            List.of(DEPLOYMENT, noYaml, noYaml, "\u00e4")),
        Arguments.of(
            "Current config could not be parsed as YAML:",
            List.of(DEPLOYMENT, APPLICATIONS, noYaml, "\u00e4")),
        Arguments.of(
            "Non-ASCII hostname: \u00e4", List.of(DEPLOYMENT, APPLICATIONS, CURRENT, "\u00e4")),
        Arguments.of(
            "Configuration Error: application:1: application web: image is missing",
            List.of(DEPLOYMENT, "{applications: {web: {}}, version: 1}", CURRENT, "h")),
        Arguments.of(
            "Configuration Error: deployment:1: node one.example: [0] is the application ghost",
            List.of("{nodes: {one.example: [ghost]}, version: 1}", APPLICATIONS, CURRENT, "h")),
        Arguments.of("Wrong number of arguments.", List.of(DEPLOYMENT, APPLICATIONS, CURRENT)),
        Arguments.of("Wrong number of arguments.", List.of("a", "b", "c", "d", "e")),
        Arguments.of("option --unknown not recognized", List.of("--unknown")),
        Arguments.of("option --config requires argument", List.of("--config")));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  @DisplayName("120, 125 a wrong command line is told with the usage and an ERROR, on stderr alone")
  void tellsHowItIsUsed(String error, List<String> arguments) {
    assertEquals(1, change(arguments.toArray(String[]::new)));

    assertEquals("", cluster.out.toString());
    String said = cluster.err.toString();
    assertTrue(said.startsWith("Usage: flocker-changestate [options] "), said);
    assertTrue(said.contains("\nERROR: " + error), said);
    assertEquals(List.of(), cluster.first.requests());
  }

  @Test
  void theStateThatWasReportedIsCheckedWithoutHelp() {
    String current = "{one.example: {applications: {web: {image: a, cpus: 1}}, version: 1}}";

    assertEquals(1, change(DEPLOYMENT, APPLICATIONS, current, "one.example"));

    assertTrue(
        cluster.err.toString().startsWith("flocker-changestate: current:1: "),
        cluster.err::toString);
    assertEquals(List.of(), cluster.first.requests());
  }

  @Test
  @DisplayName("119 --version prints the version and nothing else")
  void printsItsVersion() {
    assertEquals(0, change("-v", "--config", "/etc/flocker/volume.json", "--version"));

    assertEquals(Version.number() + "\n", cluster.out.toString());
    assertEquals("", cluster.err.toString());
    assertEquals(0, change("--pool=flocker", "--verbose", "-vv", "--help"));
    assertTrue(cluster.out.toString().contains("Usage: flocker-changestate"));
  }

  private List<String> told() {
    return cluster.first.requests().stream().filter(request -> request.startsWith("PUT ")).toList();
  }

  private int change(String... arguments) {
    return new ChangeStateCommand(cluster.environment(), StandstillLimits.ofAll(patience))
        .run(arguments);
  }
}
