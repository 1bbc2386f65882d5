package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.Terminal;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandTreeTest {
  private static final NodeId PEER = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final String VOLUMES =
      """
      {"volumes":[{"id":"%s","name":"default.web","owner":"%s","role":"replica","epoch":0,
       "dataset":"tank/x","mounted":false,"usedBytes":2048,"referencedBytes":1024,
       "quotaBytes":0,"snapshotCount":3}]}\
      """
          .formatted(Operations.VOLUME, PEER);
  private static final String PUSH = "POST /v1/volumes/" + Operations.VOLUME + "/push";
  private static final String WAIT = "GET /v1/operations/" + Operations.ID + "?wait=";
  private static final String ENDED = ",\"finished\":\"2026-01-01T00:00:04Z\"";

  @TempDir private Path folder;
  private CredentialFiles user;
  private FakeDaemon daemon;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private boolean interactive;

  @BeforeEach
  void startNode() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    daemon = new FakeDaemon(cluster.node(PEER));
    cluster.user("alice");
    user = cluster.files("alice");
    daemon.answer("GET /v1/volumes?name=default.web", 200, VOLUMES);
  }

  @AfterEach
  void stopNode() {
    daemon.close();
  }

  @Test
  void listsVolumesAsATable() {
    daemon.answer("GET /v1/volumes", 200, VOLUMES);

    int code = flocker("volume", "list");

    assertEquals(0, code, err.toString());
    assertEquals(
        List.of(
            "NAME         ROLE     USED     SNAPSHOTS  MOUNTED AT  ID"
                + "                                    OWNER",
            "default.web  replica  2.0 KiB  3          -           "
                + Operations.VOLUME
                + "  "
                + PEER),
        out.toString().lines().toList());
  }

  @Test
  void printsTheAnswerAloneAsJson() {
    daemon.answer("GET /v1/volumes", 200, VOLUMES);

    int code = flocker("volume", "list", "--json");

    assertEquals(0, code, err.toString());
    JsonNode document = JsonMapper.shared().readTree(out.toString());
    assertEquals("default.web", document.at("/volumes/0/name").stringValue());
  }

  @Test
  void followsAPushByLinesWhereNobodyWatches() {
    daemon
        .answer(PUSH, 202, Operations.json("running", ""))
        .answer(WAIT + "5s", 200, Operations.json("succeeded", ENDED));

    int code = flocker("volume", "push", "default.web", PEER.toString());

    assertEquals(0, code, err.toString());
    assertEquals(
        List.of("transfer  8.0 MiB  2.0 MiB/s", "push succeeded: 8.0 MiB in 4.0 s, 2.0 MiB/s"),
        out.toString().lines().toList());
  }

  @Test
  void drawsABarForWhoeverWatches() {
    interactive = true;
    daemon
        .answer(PUSH, 202, Operations.json("running", ",\"totalBytes\":16777216"))
        .answer(WAIT + "1s", 200, Operations.json("succeeded", ENDED));

    int code = flocker("volume", "push", "default.web", PEER.toString());

    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains("\rtransfer      [####"), out.toString());
  }

  @Test
  void printsOnlyTheEndOfAPushAsJson() {
    daemon
        .answer(PUSH, 202, Operations.json("running", ""))
        .answer(WAIT + "30s", 200, Operations.json("succeeded", ENDED));

    int code = flocker("--json", "volume", "push", "default.web", PEER.toString());

    assertEquals(0, code, err.toString());
    assertEquals(
        "succeeded", JsonMapper.shared().readTree(out.toString()).path("state").stringValue());
  }

  @Test
  void detachesOnDemand() {
    daemon.answer(PUSH, 202, Operations.json("running", ""));

    int code = flocker("volume", "push", "default.web", PEER.toString(), "--detach");

    assertEquals(0, code, err.toString());
    assertEquals("started push " + Operations.ID + "\n", out.toString());
  }

  @Test
  void showsBothSidesOfAFailedPush() {
    String problem =
        """
        ,"problem":{"type":"urn:flocker:problem:receiver-failed","status":502,
         "detail":"zfs receive ended with 1","sender":{"exit":0,"stderr":""},
         "receiver":{"exit":1,"stderr":"cannot receive:\\ninvalid stream\\n"}}\
        """;
    daemon.answer(PUSH, 202, Operations.json("failed", problem));

    int code = flocker("volume", "push", "default.web", PEER.toString());

    assertEquals(1, code);
    assertEquals(
        List.of(
            "flocker: The receiving child failed: zfs receive ended with 1",
            "  remedy: The problem holds its exit status and what it wrote to stderr.",
            "  sender:",
            "    exit: 0",
            "    stderr:",
            "  receiver:",
            "    exit: 1",
            "    stderr:",
            "      cannot receive:",
            "      invalid stream"),
        err.toString().lines().toList());
  }

  @Test
  void printsAProblemAsJsonOnStandardError() {
    daemon.answer("GET /v1/volumes?name=default.none", 200, "{\"volumes\":[]}");

    int code = flocker("volume", "destroy", "default.none", "--json");

    assertEquals(1, code);
    assertEquals("", out.toString());
    assertEquals(
        "urn:flocker:problem:volume-not-found",
        JsonMapper.shared().readTree(err.toString()).path("type").stringValue());
  }

  @Test
  void saysWhatAPushWouldSend() {
    daemon.answer(
        PUSH + "?dry-run=true",
        200,
        """
        {"kind":"transfer","steps":[{"kind":"incremental","from":"00000000000000aa",
          "to":{"name":"b","guid":"00000000000000bb"},"snapshots":[],"estimateBytes":1024}]}
        """);

    int code = flocker("volume", "push", "default.web", PEER.toString(), "--dry-run");

    assertEquals(0, code, err.toString());
    assertEquals(
        "transfer\n  incremental from 00000000000000aa to b, about 1.0 KiB\n", out.toString());
  }

  @Test
  void exitsWith2OnAWrongCommandLineAndAsksNothing() {
    int code = flocker("volume", "push", "default.web", "not-a-uuid");

    assertEquals(2, code);
    assertTrue(err.toString().contains("lower-case uuid"), err.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @Test
  void exitsWith2WithoutCertificates() {
    int code = run(Map.of(), "--url", daemon.url().toString(), "node");

    assertEquals(2, code);
    assertTrue(err.toString().contains("local.crt") || err.toString().contains("user.crt"));
  }

  @Test
  void exitsWith3WhereNobodyListens() {
    daemon.close();

    assertEquals(3, flocker("node"));
    assertTrue(err.toString().startsWith("flocker: " + daemon.url()), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void takesTheUrlFromTheNodesConfiguration() throws Exception {
    Files.writeString(
        folder.resolve("flockerd.yml"),
        "version: 1\nadvertise: " + daemon.url().getAuthority() + "\n");
    Files.copy(user.certificate(), folder.resolve("local.crt"));
    Files.copy(user.key(), folder.resolve("local.key"));
    daemon.answer("GET /v1/peers", 200, "{\"peers\":[]}");

    assertEquals(0, run(Map.of(), "peer", "list"), err.toString());
  }

  @Test
  void takesUrlAndCertificatesFromTheEnvironment() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.copy(folder.resolve("cluster.crt"), elsewhere.resolve("cluster.crt"));
    Files.copy(user.certificate(), elsewhere.resolve("user.crt"));
    Files.copy(user.key(), elsewhere.resolve("user.key"));
    daemon.answer("GET /v1/peers", 200, "{\"peers\":[]}");

    int code =
        run(
            Map.of(
                "FLOCKER_URL", daemon.url().toString(),
                "FLOCKER_CERTIFICATES", elsewhere.toString()),
            "peer",
            "list");

    assertEquals(0, code, err.toString());
  }

  @Test
  void tellsTheExitCodesInTheHelpOfEveryCommand() {
    assertEquals(0, flocker("volume", "push", "--help"));

    assertTrue(out.toString().contains("the node cannot be reached"), out.toString());
  }

  private int flocker(String... arguments) {
    Stream<String> connection =
        Stream.of(
            "--url", daemon.url().toString(),
            "--cert", user.certificate().toString(),
            "--key", user.key().toString());
    return run(Map.of(), Stream.concat(connection, Stream.of(arguments)).toArray(String[]::new));
  }

  private int run(Map<String, String> variables, String... arguments) {
    Surroundings surroundings =
        new Surroundings(
            variables, folder, new PrintWriter(out), new PrintWriter(err), new FakeTerminal());
    return CommandTree.of(surroundings).execute(arguments);
  }

  private final class FakeTerminal implements Terminal {
    @Override
    public boolean interactive() {
      return interactive;
    }

    @Override
    public int columns() {
      return 100;
    }
  }
}
