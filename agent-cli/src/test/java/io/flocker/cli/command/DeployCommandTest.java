package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.client.FakeDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeployCommandTest {
  private static final String APPLICATIONS =
      "version: 1\napplications: {web: {image: flask}, idle: {image: busybox}}\n";
  private static final String ON_FIRST =
      "{\"node\":\"" + FakeCluster.FIRST + "\",\"applications\":[\"web\"]}";

  @TempDir private Path folder;
  private FakeCluster cluster;
  private String deployment;
  private String applications;

  @BeforeEach
  void start() throws Exception {
    cluster = new FakeCluster(folder);
    applications = cluster.file("application.yml", APPLICATIONS);
    deployment =
        cluster.file(
            "deployment.yml",
            "version: 1\nnodes: {%s: [web], %s: []}\n"
                .formatted(FakeCluster.FIRST, FakeCluster.SECOND));
    for (FakeDaemon node : List.of(cluster.first, cluster.second)) {
      node.answer("GET /v1/configuration", 200, FakeCluster.told(4, ""))
          .answer(FakeCluster.PUT, 200, FakeCluster.told(5, ON_FIRST));
    }
    cluster.first.answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(5, "start web", ""));
    cluster.second.answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(5, "", ""));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void checksEverywhereThenTellsEveryNodeThenFollowsThemToTheWish() {
    cluster
        .first
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(4, true, ""))
        .answer(
            FakeCluster.STATUS,
            200,
            FakeCluster.status(5, false, FakeCluster.object("changing", "start web", 0)))
        .answer(
            FakeCluster.STATUS,
            200,
            FakeCluster.status(5, true, FakeCluster.object("as-wished", "", 0)));
    cluster.second.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    int code = deploy(deployment, applications, "--yes");

    assertEquals(0, code, cluster.err::toString);
    String first = cluster.first.url().getAuthority();
    String second = cluster.second.url().getAuthority();
    assertEquals(
        List.of(
            "generation 5",
            "|- " + first + " (" + FakeCluster.FIRST + ")",
            "|  `- start",
            "|     `- start web",
            "`- " + second + " (" + FakeCluster.SECOND + ")",
            "   `- nothing to do",
            first + ": application web changing start web",
            first + ": application web as-wished"),
        cluster.said().subList(0, cluster.said().size() - 1));
    assertTrue(
        cluster
            .said()
            .getLast()
            .matches("generation 5: all is as wished on 2 of 2 nodes, after 0:0[0-9]"),
        cluster.said()::toString);
    for (FakeDaemon node : List.of(cluster.first, cluster.second)) {
      List<String> told = puts(node);
      assertEquals(2, told.size(), told::toString);
      assertTrue(told.getFirst().startsWith(FakeCluster.DRY_RUN + " "), told::toString);
      assertEquals(
          told.getFirst().replace("?dry-run=true", ""), told.getLast(), "checked and told alike");
      assertTrue(told.getLast().contains("\"generation\":5"), told::toString);
      assertTrue(told.getLast().contains(ON_FIRST), told::toString);
    }
  }

  @Test
  @DisplayName("126 what is wrong with the files is told before anybody is asked")
  void readsFilesBeforeAnybodyIsAsked() throws Exception {
    String missing = folder.resolve("missing.yml").toString();
    String noYaml = cluster.file("no.yml", "a: [");
    String other = cluster.file("other.yml", "a: b\n");
    String unknown =
        cluster.file("unknown.yml", "version: 1\nnodes: {n: [ghost, web]}\nextra: [\"\\u001b\"]\n");

    assertEquals(2, deploy(missing, applications));
    assertTrue(cluster.err.toString().contains(missing + ": there is no such file"));
    assertEquals(2, deploy(noYaml, applications));
    assertTrue(cluster.err.toString().contains(noYaml + ":1: "), cluster.err::toString);
    assertEquals(2, deploy(deployment, other));
    assertTrue(
        cluster.err.toString().contains("neither an application file of Flocker"),
        cluster.err::toString);
    assertEquals(2, deploy(unknown, applications));
    assertTrue(cluster.err.toString().contains("ghost, which"), cluster.err::toString);

    assertEquals(List.of(), cluster.first.requests());
    assertEquals("", cluster.out.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one", "one two three", "--again one", "--on n one two", "--on n"})
  void isGivenTwoFilesOrOneForANodeOrNone(String arguments) {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

    assertEquals(2, deploy(words));

    assertTrue(
        cluster.err.toString().contains("Try 'flocker deploy --help'."), cluster.err::toString);
    assertEquals(List.of(), cluster.first.requests());
  }

  @Test
  @DisplayName("127 where one node refuses the check none is told, and it is named")
  void tellsNobodyWhereOneRefuses() throws Exception {
    cluster.close();
    cluster = new FakeCluster(Files.createDirectory(folder.resolve("refused")));
    for (FakeDaemon node : List.of(cluster.first, cluster.second)) {
      node.answer("GET /v1/configuration", 200, FakeCluster.told(4, ""));
    }
    cluster.first.answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(5, "start web", ""));
    cluster.second.answer(FakeCluster.DRY_RUN, 403, FakeCluster.problem(403, "forbidden"));

    assertEquals(1, deploy(deployment, applications, "--yes"));

    assertTrue(cluster.err.toString().contains(FakeCluster.SECOND.toString()));
    assertTrue(cluster.err.toString().contains("a detail"), cluster.err::toString);
    assertEquals(1, puts(cluster.first).size());
    assertEquals(1, puts(cluster.second).size());
  }

  @Test
  @DisplayName("131 where a node refuses after all it is named, and the others are followed")
  void namesTheNodeThatRefusesAfterAll() throws Exception {
    cluster.close();
    cluster = new FakeCluster(Files.createDirectory(folder.resolve("overtaken")));
    for (FakeDaemon node : List.of(cluster.first, cluster.second)) {
      node.answer("GET /v1/configuration", 200, FakeCluster.told(4, ""))
          .answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(5, "", ""));
    }
    cluster
        .first
        .answer(FakeCluster.PUT, 200, FakeCluster.told(5, ON_FIRST))
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));
    cluster.second.answer(FakeCluster.PUT, 409, FakeCluster.problem(409, "stale-generation"));

    assertEquals(1, deploy(deployment, applications));

    assertTrue(
        cluster.err.toString().startsWith("flocker: " + cluster.second.url().getAuthority()),
        cluster.err::toString);
    assertTrue(cluster.said().getLast().contains("on 1 of 2 nodes"), cluster.said()::toString);
  }

  @Test
  @DisplayName(
      "131 where a node does not get there the exit code says so, and it is named with why")
  void namesTheNodeThatFails() {
    cluster.first.answer(
        FakeCluster.STATUS,
        200,
        FakeCluster.status(5, false, FakeCluster.object("failed", "start web", 3)));
    cluster.second.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    int code = deploy(deployment, applications, "--yes", "--patience=0");

    assertEquals(1, code);
    assertEquals(
        List.of(
            "flocker: generation 5 is not reached:",
            "  %s: application web is failed: start web: no such image"
                .formatted(cluster.first.url().getAuthority()),
            "The nodes go on trying; follow them with: flocker deploy --again"),
        cluster.err.toString().lines().toList());
  }

  @Test
  void aNodeThatIsDownIsNamedAndTheOthersAreTold() {
    cluster.second.close();
    cluster.first.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    int code = deploy(deployment, applications, "--yes");

    assertEquals(3, code);
    assertEquals(2, puts(cluster.first).size());
    String name = cluster.second.url().getAuthority() + " (" + FakeCluster.SECOND + ")";
    assertTrue(cluster.said().contains("`- " + name), cluster.said()::toString);
    assertTrue(cluster.said().getLast().contains("on 1 of 2 nodes"), cluster.said()::toString);
    assertTrue(
        cluster.err.toString().startsWith("flocker: " + name + " was not reached: "),
        cluster.err::toString);
    assertTrue(
        cluster.err.toString().endsWith("Once it is back: flocker deploy --again\n"),
        cluster.err::toString);
  }

  @Test
  void aNodeWhoseGenerationIsOutOfReachIsNamedAndNotFollowed() throws Exception {
    openWithFirstAtWork("far");
    cluster.second.answer(
        "GET /v1/configuration", 200, FakeCluster.told(9_007_199_254_740_991L, ""));

    assertEquals(3, deploy(deployment, applications, "--yes"), cluster.err::toString);

    assertTrue(puts(cluster.first).getLast().contains("\"generation\":5"));
    assertEquals(List.of(), puts(cluster.second));
    assertTrue(
        cluster.err.toString().contains("left out, at generation 9007199254740991"),
        cluster.err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"generation\":5,\"applications\":[],\"nodes\":[]}",
        "{\"plan\":{\"generation\":5,\"isEmpty\":true}}",
        "{\"plan\":{\"generation\":5,\"isEmpty\":true,\"phases\":[null],\"obstacles\":[]}}",
        "null"
      })
  void aNodeThatAnswersHalfIsNamedAndTheOthersAreTold(String plan) throws Exception {
    openWithFirstAtWork("half");
    cluster
        .second
        .answer("GET /v1/configuration", 200, FakeCluster.told(4, ""))
        .answer(FakeCluster.DRY_RUN, 200, plan);

    assertEquals(3, deploy(deployment, applications, "--yes"), cluster.err::toString);

    assertEquals(2, puts(cluster.first).size());
    assertEquals(1, puts(cluster.second).size());
    assertTrue(
        cluster.err.toString().contains("answers what this version cannot read"),
        cluster.err::toString);
  }

  /** Another cluster, whose first node takes the wish. */
  private void openWithFirstAtWork(String name) throws Exception {
    cluster.close();
    cluster = new FakeCluster(Files.createDirectory(folder.resolve(name)));
    cluster
        .first
        .answer("GET /v1/configuration", 200, FakeCluster.told(4, ""))
        .answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(5, "start web", ""))
        .answer(FakeCluster.PUT, 200, FakeCluster.told(5, ON_FIRST))
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));
  }

  @Test
  void tellsTheNewestWishAgainUnderItsGeneration() throws Exception {
    cluster.close();
    cluster = new FakeCluster(Files.createDirectory(folder.resolve("again")));
    cluster
        .first
        .answer("GET /v1/configuration", 200, FakeCluster.told(4, ""))
        .answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(7, "start web", ""))
        .answer(FakeCluster.PUT, 200, FakeCluster.told(7, ON_FIRST))
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(7, true, ""));
    cluster
        .second
        .answer("GET /v1/configuration", 200, FakeCluster.told(7, ON_FIRST))
        .answer(FakeCluster.DRY_RUN, 200, FakeCluster.plan(7, "", ""))
        .answer(FakeCluster.PUT, 200, FakeCluster.told(7, ON_FIRST))
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(7, true, ""));

    assertEquals(0, deploy("--again", "--yes"), cluster.err::toString);

    String told = puts(cluster.first).getLast();
    assertTrue(told.contains("\"generation\":7"), told);
    assertTrue(told.contains(ON_FIRST), told);
  }

  @ParameterizedTest
  @CsvSource({"y, 0, 2", "YES, 0, 2", "n, 1, 1", "'', 1, 1"})
  void asksAPersonBeforeAnythingIsChanged(String answer, int code, int puts) {
    cluster.interactive = true;
    cluster.typed.add(answer);
    cluster.first.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));
    cluster.second.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    assertEquals(code, deploy(deployment, applications), cluster.err::toString);

    assertTrue(cluster.out.toString().contains("Do this? [y/N] "), cluster.out::toString);
    assertEquals(puts, puts(cluster.first).size());
  }

  @Test
  void changesNothingUnaskedWhereNobodyCanBeAsked() {
    assertEquals(2, deploy(deployment, applications));

    assertTrue(cluster.err.toString().contains("give --yes"), cluster.err::toString);
    assertEquals(1, puts(cluster.first).size());
  }

  @Test
  void showsThePlansAndDoesNothingInADryRun() {
    assertEquals(0, deploy(deployment, applications, "--dry-run", "--json"), cluster.err::toString);

    JsonNode document = JsonMapper.shared().readTree(cluster.out.toString());
    assertEquals(5, document.path("generation").intValue());
    assertEquals(
        "start-application",
        document.at("/nodes/0/plan/phases/0/steps/0/change/kind").stringValue());
    assertEquals(FakeCluster.SECOND.toString(), document.at("/nodes/1/node").stringValue());
    assertTrue(document.at("/nodes/1/plan/isEmpty").booleanValue());
    assertEquals(1, puts(cluster.first).size());
  }

  @Test
  void printsOneDocumentForPrograms() {
    cluster.first.answer(
        FakeCluster.STATUS,
        200,
        FakeCluster.status(5, true, FakeCluster.object("as-wished", "", 0)));
    cluster.second.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    assertEquals(0, deploy(deployment, applications, "--yes", "--json"), cluster.err::toString);

    JsonNode document = JsonMapper.shared().readTree(cluster.out.toString());
    assertTrue(document.path("isAsWished").booleanValue());
    assertTrue(document.at("/nodes/0/isTold").booleanValue());
    assertEquals("web", document.at("/nodes/0/status/objects/0/name").stringValue());
  }

  @Test
  void namesEachNodeThatTheClusterDoesNotKnow() throws Exception {
    String strange = cluster.file("strange.yml", "version: 1\nnodes: {10.9.9.9: [web]}\n");

    assertEquals(2, deploy(strange, applications, "--yes"));

    assertTrue(
        cluster.err.toString().contains("node 10.9.9.9 is none of the cluster's"),
        cluster.err::toString);
    assertTrue(cluster.err.toString().contains(FakeCluster.SECOND.toString()));
    assertEquals(List.of(), puts(cluster.first));
  }

  @Test
  void putsTheServicesOfAComposeFileOnTheNodeThatIsNamed() throws Exception {
    String compose = cluster.file("compose.yaml", "services: {web: {image: \"flask:${TAG}\"}}\n");
    cluster.first.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));
    cluster.second.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    int code = deploy("--on", FakeCluster.SECOND.toString(), compose, "--yes");

    assertEquals(0, code, cluster.err::toString);
    String told = puts(cluster.first).getLast();
    assertTrue(told.contains("flask:7"), told);
    assertTrue(told.contains("{\"node\":\"" + FakeCluster.SECOND + "\""), told);
    assertFalse(told.contains(FakeCluster.FIRST.toString()), told);
  }

  @Test
  void drawsOnePictureForAPerson() {
    cluster.interactive = true;
    cluster
        .first
        .answer(
            FakeCluster.STATUS,
            200,
            FakeCluster.status(5, false, FakeCluster.object("changing", "start \\u001b[31m", 0)))
        .answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));
    cluster.second.answer(FakeCluster.STATUS, 200, FakeCluster.status(5, true, ""));

    assertEquals(0, deploy(deployment, applications, "--yes"), cluster.err::toString);

    String drawn = cluster.out.toString();
    assertTrue(drawn.contains("  application web  changing  start \\x{1b}[31m"), drawn);
    assertTrue(drawn.contains("  0 of 1 as wished"), drawn);
    assertTrue(drawn.contains("\033[4A"), "drawn over the four lines before: " + drawn);
    assertTrue(drawn.substring(drawn.lastIndexOf('\033')).contains("all is as wished"), drawn);
  }

  private int deploy(String... arguments) {
    return CommandTree.of(cluster.environment())
        .execute(Stream.concat(Stream.of("deploy"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static List<String> puts(FakeDaemon node) {
    return node.requests().stream().filter(request -> request.startsWith("PUT ")).toList();
  }
}
