package io.flocker.core.deploy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.NodeWish;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentFormatTest {
  private static final String APPLICATIONS =
      """
      version: 1
      applications:
        db: {image: a, ports: [{internal: 1, external: 80}]}
        web: {image: b, ports: [{internal: 2, external: 80}]}
        job: {image: c}
      """;

  @Test
  void readsWhichNodeRunsWhat() throws FormatException {
    Deployment wish =
        WishReader.read(
            file("version: 1\nnodes:\n  10.0.0.1: [db]\n  node-2: []\n  fd00::2:\n  - job\n"),
            SourceFile.of("application.yml", APPLICATIONS));

    assertEquals(
        List.of(
            NodeWish.of("10.0.0.1", List.of("db")),
            NodeWish.of("fd00::2", List.of("job")),
            NodeWish.of("node-2", List.of())),
        wish.nodes());
    assertEquals(
        List.of("db", "job", "web"), wish.applications().stream().map(Application::name).toList());
  }

  @ParameterizedTest
  @DisplayName("71 72 version and nodes are required, each node with a list of known applications")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nodes: {}                     | deployment.yml:1: version is missing
          version: 1                    | deployment.yml:1: nodes is missing
          {version: 2, nodes: {}}       | deployment.yml:1: version is a whole number from 1 to 1, not 2
          []                            | deployment.yml:1: is a mapping, not a list
          {version: 1, nodes: {a: db}}  | deployment.yml:1: node a: is a list, not 'db'
          {version: 1, nodes: {a: }}    | deployment.yml:1: node a: is a list, not empty
          {version: 1, nodes: {a: [1]}} | deployment.yml:1: node a: [0] is a text, not 1; put it into quotes
          {version: 1, nodes: {a: [ghost]}} | deployment.yml:1: node a: [0] is the application ghost, which application.yml has not
          {version: 1, nodes: {a: [db, db]}} | deployment.yml:1: node a: [1] is the application db again
          {version: 1, nodes: {a: [db], b: [db]}} | deployment.yml:1: node b: names the application db, which is on a too
          {version: 1, nodes: {a/b: [db]}} | deployment.yml:1: node a/b: a node is named by its uuid, host name or IP address, not 'a/b'
          {version: 1, nodes: {a: [db, web]}} | application.yml:4: application web: has the external port 80/tcp, as db
          """)
  void refusesADeployment(String text, String problem) {
    assertEquals(List.of(problem), refusals(text, APPLICATIONS));
  }

  @Test
  void tellsTheProblemsOfBothFiles() {
    assertEquals(
        List.of(
            "application.yml:2: application db: image is missing",
            "deployment.yml:1: node a: [1] is the application ghost, which application.yml has not",
            "deployment.yml:1: node b: is a list, not 1"),
        refusals(
            "{version: 1, nodes: {a: [db, ghost], b: 1}}", "version: 1\napplications: {db: {}}"));
    assertEquals(
        List.of(
            "application.yml:2: application db: image is missing",
            "deployment.yml:1: expected the node content, but found '<stream end>'"),
        refusals("{version: [", "version: 1\napplications: {db: {}}"));
  }

  @Test
  @DisplayName("78 the state of a cluster's nodes is read, images that nobody knows left out")
  void readsTheStateOfACluster() throws FormatException {
    String text =
        """
        10.0.0.1:
          applications:
            db: {image: 'a:7'}
            old: {image: null, volume: {mountpoint: null}}
          used_ports: [22]
          version: 1
        10.0.0.2: {applications: {}, used_ports: [], version: 1}
        """;

    assertEquals(
        Map.of(
            "10.0.0.1",
            List.of(Application.named("db", Image.parse("a:7")).build()),
            "10.0.0.2",
            List.of()),
        WishReader.clusterState(SourceFile.of("current", text)));
    assertEquals(
        List.of("current:1: node 10.0.0.1: version is missing"),
        Refusals.of(() ->
            WishReader.clusterState(SourceFile.of("current", "10.0.0.1: {applications: {}}"))));
  }

  private static List<String> refusals(String deployment, String applications) {
    return Refusals.of(
        () -> WishReader.read(file(deployment), SourceFile.of("application.yml", applications)));
  }

  private static SourceFile file(String text) {
    return SourceFile.of("deployment.yml", text);
  }
}
