package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.Terminal;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.pki.TestCredentials;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
  private static final String OWN =
      """
      {"id":"%s","name":"default.own","owner":"%s","role":"owner","epoch":3,"dataset":"tank/y",
       "mountpoint":"/flocker/default.own","mounted":true,"usedBytes":2048,"referencedBytes":1024,
       "quotaBytes":10737418240,"snapshotCount":1,"origin":"tank/x@first",
       "metadata":{"team":"storage"}}\
      """
          .formatted(Operations.VOLUME, PEER);
  private static final String SNAPSHOT =
      "{\"name\":\"a:b\",\"guid\":\"00000000000000aa\",\"created\":\"2026-01-01T00:00:00Z\"}";

  private static final String NAMED =
      "{\"peers\":[{\"node\":\"%s\",\"name\":\"node-2\",\"addresses\":[\"b:1\"],\"takeover\":\"never\"}]}"
          .formatted(PEER);

  private static final String GRANTS = "GET /v1/volumes/" + Operations.VOLUME + "/grants";
  private static final String PATCH = "PATCH /v1/volumes/" + Operations.VOLUME;
  private static final String REPLICATION = "/v1/volumes/" + Operations.VOLUME + "/replication";
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
    daemon.answer("GET /v1/peers", 200, NAMED);

    int code = flocker("volume", "list");

    assertEquals(0, code, err.toString());
    assertEquals(
        List.of(
            "NAME         ROLE     USED     SNAPSHOTS  MOUNTED AT  ID"
                + "                                    OWNER",
            "default.web  replica  2.0 KiB  3          -           "
                + Operations.VOLUME
                + "  node-2"),
        out.toString().lines().toList());
  }

  @Test
  void addsAPeerByTheCertificateThatItShows() {
    String address = daemon.url().getAuthority();
    String known =
        "{\"node\":\"%s\",\"name\":\"node-2\",\"addresses\":[\"%s\"],\"takeover\":\"never\"}"
            .formatted(PEER, address);
    daemon.answer("PUT /v1/peers/" + PEER, 201, known);

    int code = flocker("peer", "add", "node-2", address);

    assertEquals(0, code, err.toString());
    assertEquals("added peer node-2 (" + PEER + ")\n", out.toString());
    assertEquals(
        "PUT /v1/peers/%s {\"name\":\"node-2\",\"addresses\":[\"%s\"],\"takeover\":\"never\"}"
            .formatted(PEER, address),
        daemon.requests().getLast());
  }

  @Test
  void addsNobodyWhoIsNoNodeOfTheCluster(@TempDir Path elsewhere) throws Exception {
    try (FakeDaemon stranger = new FakeDaemon(TestCluster.create(elsewhere).node(PEER))) {
      assertEquals(3, flocker("peer", "add", "node-2", stranger.url().getAuthority()));
    }
    assertTrue(err.toString().contains("TLS handshake"), err.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @ParameterizedTest
  @CsvSource({"feed, beginning of a uuid", "a b, a node is named", "Node-2, in lower case"})
  void exitsWith2WhereAPeerCannotBeCalledThat(String name, String told) {
    assertEquals(2, flocker("peer", "add", name, daemon.url().getAuthority()));
    assertTrue(err.toString().contains(told), err.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @Test
  void listsPeersWithTheirNames() {
    daemon.answer("GET /v1/peers", 200, NAMED);

    assertEquals(0, flocker("peer", "list"), err.toString());
    assertEquals(
        List.of(
            "NAME    NODE                                  TAKEOVER  ANSWERS  ADDRESSES",
            "node-2  " + PEER + "  never     -        b:1"),
        out.toString().lines().toList());
  }

  @Test
  void tellsWhichPeersAnswer() {
    String silent =
        NAMED.replace("}]}", ",\"reachable\":false,\"since\":\"2026-11-24T22:10:05Z\"}]}");
    daemon.answer("GET /v1/peers", 200, silent);

    assertEquals(0, flocker("peer", "list", "--columns", "name,answers"), err.toString());
    assertEquals(List.of("NAME    ANSWERS", "node-2  no"), out.toString().lines().toList());
    assertEquals(0, flocker("peer", "list", "--json"), err.toString());
    assertTrue(out.toString().contains("2026-11-24T22:10:05Z"), out.toString());
  }

  @Test
  void tellsWhenPeersWereAskedWhereThatIsLongAgo() {
    String asked = ",\"reachable\":true,\"since\":\"%1$s\",\"asked\":\"%1$s\"}]}";
    Instant now = Instant.now();
    daemon
        .answer("GET /v1/peers", 200, NAMED.replace("}]}", asked.formatted(now)))
        .answer(
            "GET /v1/peers",
            200,
            NAMED.replace("}]}", asked.formatted(now.minus(Duration.ofMinutes(190)))));

    assertEquals(0, flocker("peer", "list", "--columns", "answers"), err.toString());
    assertEquals(0, flocker("peer", "list", "--columns", "answers"), err.toString());
    assertEquals(
        List.of("ANSWERS", "yes", "ANSWERS", "yes, 3 h ago"), out.toString().lines().toList());
  }

  @Test
  void theNodeSaysWhoIsMeantByAName() {
    daemon
        .answer(
            "GET /v1/peers/node-2",
            200,
            NAMED.substring("{\"peers\":[".length(), NAMED.length() - "]}".length()))
        .answer(PUSH, 202, Operations.json("running", ""));

    int code = flocker("volume", "push", "default.web", "node-2", "--detach");

    assertEquals(0, code, err.toString());
    assertEquals(PUSH + " {\"peer\":\"" + PEER + "\"}", daemon.requests().getLast());
  }

  @Test
  void escapeCodesInWhatOthersWroteDoNotReachTheTerminal() {
    daemon.answer(
        "GET /v1/volumes/" + Operations.VOLUME, 200, OWN.replace("storage", "\\u001b[31mred"));
    daemon.answer(GRANTS, 200, Json.tree(GrantDocument.EMPTY).toString());
    daemon.answer(
        "GET " + REPLICATION,
        200,
        "{\"volume\":\"%s\",\"name\":\"default.own\",\"source\":\"none\"}"
            .formatted(Operations.VOLUME));
    daemon.answer("GET /v1/peers", 200, NAMED);

    int code = flocker("volume", "show", Operations.VOLUME.toString());

    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains("metadata   team=\\x{1b}[31mred"), out.toString());
    assertFalse(out.toString().contains("\033"), out.toString());
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
  void printsTheAnswerAsYaml() {
    daemon.answer("GET /v1/volumes", 200, VOLUMES);

    assertEquals(0, flocker("volume", "ls", "--format", "yaml"), err.toString());

    List<String> lines = out.toString().lines().toList();
    assertEquals("volumes:", lines.getFirst());
    assertTrue(lines.contains("  name: default.web"), out.toString());
    assertTrue(lines.contains("  usedBytes: 2048"), out.toString());
  }

  @Test
  void printsTheColumnsThatAreAskedFor() {
    daemon.answer("GET /v1/volumes", 200, VOLUMES);
    daemon.answer("GET /v1/peers", 200, NAMED);

    assertEquals(0, flocker("volume", "ls", "--columns", "owner,name"), err.toString());
    assertEquals(List.of("OWNER   NAME", "node-2  default.web"), out.toString().lines().toList());
    assertEquals(2, flocker("volume", "ls", "--columns=size"));
    assertTrue(err.toString().contains("no column 'size'"), err.toString());
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
  void showsAllThatIsKnownOfAVolume() {
    Grant taken =
        new Grant(
            Operations.VOLUME,
            3,
            NodeId.random(),
            PEER,
            UUID.randomUUID(),
            new Guid(7),
            Instant.parse("2026-01-02T03:04:05.678Z"));
    GrantChain chain = new GrantChain(List.of(SignedGrant.by(TestCredentials.operator(), taken)));
    daemon.answer("GET /v1/volumes/" + Operations.VOLUME, 200, OWN);
    daemon.answer(GRANTS, 200, Json.tree(GrantDocument.of(chain)).toString());
    daemon.answer(
        "GET " + REPLICATION,
        200,
        "{\"volume\":\"%s\",\"name\":\"default.own\",\"source\":\"none\"}"
            .formatted(Operations.VOLUME));
    daemon.answer("GET /v1/peers", 200, NAMED);

    int code = flocker("volume", "show", Operations.VOLUME.toString());

    assertEquals(0, code, err.toString());
    assertEquals(
        List.of(
            "name       default.own",
            "id         " + Operations.VOLUME,
            "role       owner",
            "owner      node-2 (" + PEER + ")",
            "epoch      3",
            "           epoch 3: node node-2 ("
                + PEER
                + "), signed by user-operator at 2026-01-02T03:04:05.678Z",
            "dataset    tank/y",
            "clone of   tank/x@first",
            "mounted at /flocker/default.own",
            "used       2.0 KiB",
            "quota      10.0 GiB",
            "snapshots  1",
            "metadata   team=storage",
            "replicated to no node"),
        out.toString().lines().toList());
  }

  @Test
  void showsWhoHasConfirmedAVolumeAndWhoIsWaitedFor() {
    NodeId other = NodeId.random();
    String confirmed =
        """
        ,"confirmed":[{"peer":"%s","at":"2026-01-02T03:04:05Z"},\
        {"peer":"%s","since":"2026-01-02T03:04:06Z","reason":"it is down"}]}\
        """
            .formatted(PEER, other);
    daemon.answer(
        "GET /v1/volumes/" + Operations.VOLUME,
        200,
        OWN.substring(0, OWN.length() - 1) + confirmed);
    daemon.answer(GRANTS, 200, Json.tree(GrantDocument.EMPTY).toString());
    daemon.answer(
        "GET " + REPLICATION,
        200,
        "{\"volume\":\"%s\",\"name\":\"default.own\",\"source\":\"none\"}"
            .formatted(Operations.VOLUME));
    daemon.answer("GET /v1/peers", 200, NAMED);

    int code = flocker("volume", "show", Operations.VOLUME.toString());

    assertEquals(0, code, err.toString());
    List<String> lines = out.toString().lines().toList();
    assertTrue(
        lines.contains("confirmed  by node node-2 (" + PEER + ") at 2026-01-02T03:04:05Z"),
        out.toString());
    assertTrue(
        lines.contains("waits for  node " + other + " since 2026-01-02T03:04:06Z: it is down"),
        out.toString());
  }

  /** A daemon of before grants knows no such path. */
  @Test
  void showsAVolumeOfANodeThatDoesNotTellHowItCameToItsOwner() {
    daemon.answer("GET /v1/volumes/" + Operations.VOLUME, 200, OWN);
    daemon.answer(
        GRANTS, 404, "{\"type\":\"urn:flocker:problem:not-found\",\"status\":404,\"title\":\"x\"}");
    daemon.answer(
        "GET " + REPLICATION,
        404,
        "{\"type\":\"urn:flocker:problem:not-found\",\"status\":404,\"title\":\"x\"}");
    daemon.answer("GET /v1/peers", 200, NAMED);

    int code = flocker("volume", "show", Operations.VOLUME.toString());

    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains("being of an older flockerd"), out.toString());
    assertTrue(out.toString().contains("dataset    tank/y"), out.toString());
  }

  @Test
  void saysWhoHoldsCopiesByUuidOrHost() {
    NodeId other = NodeId.random();
    String said = "{\"volume\":\"%s\",\"name\":\"default.web\",\"source\":\"%s\"%s}";
    String policy =
        "{\"peers\":[\"%s\",\"%s\"],\"maxLag\":\"PT30S\",\"minInterval\":\"PT1S\","
            + "\"history\":\"all\",\"keep\":{\"last\":2,\"hourly\":0,\"daily\":0,"
            + "\"weekly\":0,\"monthly\":0,\"yearly\":0,\"timeZone\":\"Z\"},"
            + "\"keepAtPeers\":{\"last\":1,\"within\":\"PT48H\",\"hourly\":24,\"daily\":0,"
            + "\"weekly\":0,\"monthly\":0,\"yearly\":0,\"timeZone\":\"Europe/Berlin\"},"
            + "\"onDivergence\":\"report\"}";
    policy = policy.formatted(PEER, other);
    daemon
        .answer("GET " + REPLICATION, 200, said.formatted(Operations.VOLUME, "none", ""))
        .answer(
            "GET /v1/peers",
            200,
            "{\"peers\":[{\"node\":\"%s\",\"addresses\":[\"b.example:4523\"],\"takeover\":\"never\"}]}"
                .formatted(other))
        .answer(
            "PUT " + REPLICATION,
            200,
            said.formatted(Operations.VOLUME, "volume", ",\"policy\":" + policy));

    int code =
        flocker(
            "volume",
            "replicate",
            "default.web",
            "--to=" + PEER + ",b.example",
            "--max-lag=30s",
            "--keep-at-peers=last=1,within=48h,hourly=24,zone=Europe/Berlin");

    assertEquals(0, code, err.toString());
    assertTrue(
        daemon.requests().contains("PUT " + REPLICATION + " " + policy),
        daemon.requests()::toString);
    assertEquals(
        List.of(
            "replicated to node " + PEER,
            "replicated to node " + other,
            "           at most 30s behind, 1s between snapshots, history all",
            "           keeps last=2",
            "           keeps at peers last=1,within=172800s,hourly=24,zone=Europe/Berlin"),
        out.toString().lines().toList());
  }

  @Test
  void whoIsNoPeerAnyMoreIsLeftOutOfThePolicyAndNamed() {
    String said =
        "{\"volume\":\"%s\",\"name\":\"default.web\",\"source\":\"volume\",\"policy\":{\"peers\":[%s]}}";
    NodeId gone = NodeId.random();
    daemon
        .answer(
            "GET " + REPLICATION,
            200,
            said.formatted(Operations.VOLUME, "\"" + gone + "\",\"" + PEER + "\""))
        .answer(
            "GET /v1/peers",
            200,
            "{\"peers\":[{\"node\":\"%s\",\"addresses\":[\"b.example:4523\"],\"takeover\":\"never\"}]}"
                .formatted(PEER))
        .answer("PUT " + REPLICATION, 200, said.formatted(Operations.VOLUME, "\"" + PEER + "\""));

    int code = flocker("volume", "replicate", "default.web", "--max-lag=30s");

    assertEquals(0, code, err.toString());
    assertTrue(err.toString().contains(gone.toString()), err.toString());
    assertTrue(
        daemon.requests().toString().contains("{\"peers\":[\"" + PEER + "\"],\"maxLag\":\"PT30S\""),
        daemon.requests()::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --max-lag=30s | say who by --to
          --to=nowhere | no peer is called 'nowhere'
          --off --max-lag=30s | --off stands alone
          --to=9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302 --keep=lats=3 | not [lats]
          --to=9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302 --max-lag=1h --min-interval=2h | minInterval
          --to=9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302 --verify=daily | --verify is a duration
          """)
  void whatIsWronglySaidAboutCopiesIsTold(String options, String told) {
    daemon
        .answer(
            "GET " + REPLICATION,
            200,
            "{\"volume\":\"%s\",\"name\":\"default.web\",\"source\":\"none\"}"
                .formatted(Operations.VOLUME))
        .answer("GET /v1/peers", 200, "{\"peers\":[]}");
    List<String> line = new ArrayList<>(List.of("volume", "replicate", "default.web"));
    line.addAll(List.of(options.split(" ")));

    int code = flocker(line.toArray(String[]::new));

    assertEquals(2, code, err.toString());
    assertTrue(err.toString().contains(told), err.toString());
  }

  @Test
  void changesQuotaAndMetadata() {
    daemon.answer(PATCH, 200, OWN);

    int code =
        flocker(
            "volume",
            "set",
            "default.web",
            "--quota=10GiB",
            "--metadata=team=storage",
            "--metadata",
            "tier=1",
            "--remove=ticket");

    assertEquals(0, code, err.toString());
    assertEquals("changed default.own " + Operations.VOLUME + "\n", out.toString());
    assertEquals(
        PATCH
            + " {\"quotaBytes\":10737418240,"
            + "\"metadata\":{\"team\":\"storage\",\"ticket\":null,\"tier\":\"1\"}}",
        daemon.requests().getLast());
  }

  @Test
  void liftsAQuotaAndLeavesTheRest() {
    daemon.answer(PATCH, 200, OWN);

    assertEquals(0, flocker("volume", "set", "default.web", "--quota=none"), err.toString());
    assertEquals(PATCH + " {\"quotaBytes\":0,\"metadata\":{}}", daemon.requests().getLast());
  }

  @Test
  void exitsWith2WhereNothingIsToBeChanged() {
    assertEquals(2, flocker("volume", "set", "default.web"));
    assertTrue(err.toString().startsWith("flocker volume set: nothing is to be"), err.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @Test
  void clonesAVolume() {
    String post = "POST /v1/volumes/" + Operations.VOLUME + "/clone";
    daemon.answer(post, 201, OWN);

    int code = flocker("volume", "clone", "default.web", "default.own", "--snapshot", "first");

    assertEquals(0, code, err.toString());
    assertEquals(
        "created default.own " + Operations.VOLUME + " at /flocker/default.own\n", out.toString());
    assertEquals(
        post + " {\"name\":\"default.own\",\"snapshot\":\"first\"}", daemon.requests().getLast());
  }

  @Test
  void rollsAVolumeBack() {
    String post = "POST /v1/volumes/" + Operations.VOLUME + "/rollback";
    daemon.answer(post, 200, OWN);

    int code =
        flocker("volume", "rollback", "default.web", "first", "--destroy-newer", "--json", "-y");

    assertEquals(0, code, err.toString());
    assertEquals(
        "default.own", JsonMapper.shared().readTree(out.toString()).path("name").stringValue());
    assertEquals(
        post + " {\"snapshot\":\"first\",\"destroyNewer\":true,\"force\":false}",
        daemon.requests().getLast());
  }

  @Test
  void takesAndDestroysASnapshot() {
    String snapshots = "/v1/volumes/" + Operations.VOLUME + "/snapshots";
    daemon
        .answer("POST " + snapshots, 201, SNAPSHOT)
        .answer("DELETE " + snapshots + "/a%3Ab?force=true", 204, "");

    assertEquals(0, flocker("volume", "snapshot", "default.web", "--name=a:b"), err.toString());
    assertEquals("POST " + snapshots + " {\"name\":\"a:b\"}", daemon.requests().getLast());
    assertEquals(
        0,
        flocker("volume", "destroy-snapshot", "default.web", "a:b", "--force", "-y"),
        err.toString());
    assertEquals("took snapshot a:b\ndestroyed snapshot a:b\n", out.toString());
  }

  @Test
  void destroysACopyOnlyOnAnExplicitWord() {
    daemon.answer("DELETE /v1/volumes/" + Operations.VOLUME + "?replica=true", 204, "");

    int code = flocker("volume", "destroy", "default.web", "--replica", "--yes");

    assertEquals(0, code, err.toString());
    assertEquals("destroyed default.web " + Operations.VOLUME + "\n", out.toString());
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
  void aRefusalCallsNodesAndVolumesByTheirNames() {
    String problem =
        """
        {"type":"urn:flocker:problem:not-owner","status":409,"owner":"%1$s",
         "detail":"volume %2$s is owned by node %1$s, see /v1/volumes/%2$s"}\
        """
            .formatted(PEER, Operations.VOLUME);
    daemon
        .answer(PUSH, 409, problem)
        .answer("GET /v1/peers", 200, NAMED)
        .answer("GET /v1/volumes", 200, VOLUMES);

    assertEquals(1, flocker("volume", "push", "default.web", PEER.toString()));

    String said = err.toString();
    assertTrue(
        said.contains(
            ": volume default.web is owned by node node-2, see /v1/volumes/" + Operations.VOLUME),
        said);
    assertTrue(said.contains("  owner: node-2 (" + PEER + ")"), said);
    err.getBuffer().setLength(0);

    assertEquals(1, flocker("volume", "push", "default.web", PEER.toString(), "--json"));

    assertEquals(
        PEER.toString(), JsonMapper.shared().readTree(err.toString()).path("owner").stringValue());
  }

  @Test
  void aNameThatSeveralVolumesHaveStandsForNoneOfThem() {
    String other =
        VOLUMES.replace(Operations.VOLUME.toString(), "22222222-2222-4333-8444-555555555555");
    String both =
        VOLUMES.substring(0, VOLUMES.length() - 2)
            + ","
            + other.substring("{\"volumes\":[".length());
    daemon
        .answer(
            PUSH,
            409,
            "{\"type\":\"urn:flocker:problem:volume-exists\",\"status\":409,\"detail\":\"volume %s\"}"
                .formatted(Operations.VOLUME))
        .answer("GET /v1/peers", 200, NAMED)
        .answer("GET /v1/volumes", 200, both);

    assertEquals(1, flocker("volume", "push", "default.web", PEER.toString()));

    assertTrue(err.toString().contains(": volume " + Operations.VOLUME), err.toString());
  }

  @Test
  void printsAProblemAsJsonOnStandardError() {
    daemon.answer("GET /v1/volumes?name=default.none", 200, "{\"volumes\":[]}");

    int code = flocker("volume", "destroy", "default.none", "--json", "--yes");

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
        {"kind":"transfer","takesSnapshot":true,"steps":[
          {"kind":"incremental","from":"00000000000000aa",
            "to":{"name":"b","guid":"00000000000000bb"},"snapshots":[],"estimateBytes":1024},
          {"kind":"incremental","from":"00000000000000bb","snapshots":[]}]}
        """);

    int code = flocker("volume", "push", "default.web", PEER.toString(), "--dry-run");

    assertEquals(0, code, err.toString());
    assertEquals(
        """
        transfer
          incremental from 00000000000000aa to b, about 1.0 KiB
          incremental from 00000000000000bb to a snapshot that is taken first
        """,
        out.toString());
  }

  @Test
  void exitsWith2OnAWrongCommandLineAndAsksNothing() {
    int code = flocker("volume", "push", "default.web", "no/node");

    assertEquals(2, code);
    assertTrue(err.toString().contains("a node is named by"), err.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://10.0.0.1:4523", "10.0.0.1", "[::1", "https://a/b", "ftp", ""})
  void exitsWith2WhereTheAddressOfTheNodeIsNone(String url) {
    assertEquals(2, run(Map.of(), "--url", url, "node"));
    assertTrue(err.toString().contains("'" + url + "' is not "), err.toString());

    assertEquals(2, withCertificates(Map.of("FLOCKER_URL", url), "node"), err.toString());
    assertTrue(err.toString().contains("FLOCKER_URL: '" + url + "' is not "), err.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:4523, https://10.0.0.1:4523",
    "node-b:4523, https://node-b:4523",
    "[fd00::2]:4523, https://[fd00::2]:4523",
    "https://[fd00::2]:4523/, https://[fd00::2]:4523",
    "HTTPS://node-b, https://node-b:443",
    "https://[::1], https://[::1]:443"
  })
  void readsTheAddressOfTheNodeWithItsSchemeOrWithout(String text, String url) {
    assertEquals(url, NodeAddress.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:5000, https://127.0.0.1:5000",
    "[::]:5000, https://127.0.0.1:5000",
    "10.0.0.1:5000, https://10.0.0.1:5000",
    "0.0.0.0:0, https://127.0.0.1:4523"
  })
  void asksWhereTheNodeListensUnlessItAdvertisesAnother(String listen, String url)
      throws Exception {
    Files.writeString(folder.resolve("flockerd.yml"), "version: 1\nlisten: '" + listen + "'\n");

    assertEquals(url, NodeAddress.of(null, environment(Map.of())).toString());
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

  @Test
  void saysOfACommandThatIsMadeAloneWhatItSaysAmongAll() {
    CommandEnvironment environment = environment(Map.of());
    for (String command : CommandTree.of(environment).getSubcommands().keySet()) {
      out.getBuffer().setLength(0);
      assertEquals(0, CommandTree.of(environment).execute(command, "--help"));
      String amongAll = out.toString();
      out.getBuffer().setLength(0);

      assertEquals(0, CommandTree.run(environment, command, "--help"));

      assertEquals(amongAll, out.toString());
    }
  }

  private int flocker(String... arguments) {
    Stream<String> node = Stream.of("--url", daemon.url().toString());
    return withCertificates(
        Map.of(), Stream.concat(node, Stream.of(arguments)).toArray(String[]::new));
  }

  private int withCertificates(Map<String, String> variables, String... arguments) {
    Stream<String> credentials =
        Stream.of("--cert", user.certificate().toString(), "--key", user.key().toString());
    return run(variables, Stream.concat(credentials, Stream.of(arguments)).toArray(String[]::new));
  }

  private int run(Map<String, String> variables, String... arguments) {
    return CommandTree.run(environment(variables), arguments);
  }

  private CommandEnvironment environment(Map<String, String> variables) {
    return new CommandEnvironment(
        variables, folder, new PrintWriter(out), new PrintWriter(err), new FakeTerminal());
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

    @Override
    public void onUnread(Runnable gone) {
      // Somebody reads to the end.
    }
  }
}
