package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.NoTerminal;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Called as Nomad calls a plugin: the operation is its argument, all else stands in variables. */
class NomadHostVolumeTest {
  private static final NodeId NODE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final String VOLUME = "/v1/volumes/" + Operations.VOLUME;
  private static final String NAMED = "GET /v1/volumes?name=prod.db";
  private static final String ATTACH = "POST /v1/volumes/attach";
  private static final String WAIT = "GET /v1/operations/" + Operations.ID + "?wait=5s";
  private static final String DONE =
      """
      ,"finished":"2026-01-01T00:00:04Z",
      "result":{"volume":"%s","mountpoint":"/flocker/prod.db"}\
      """
          .formatted(Operations.VOLUME);

  @TempDir private Path folder;
  private CredentialFiles user;
  private FakeDaemon daemon;
  private final Map<String, String> variables = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void startNode() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    daemon = new FakeDaemon(cluster.node(NODE));
    cluster.user("nomad");
    user = cluster.files("nomad");
    variables.putAll(
        Map.of(
            "DHV_NAMESPACE", "prod",
            "DHV_VOLUME_NAME", "db",
            "DHV_VOLUME_ID", "02eb1d8e-945e-50ee-7640-68b92f622870",
            "DHV_NODE_ID", "d87c86d7-d22b-f811-c329-09e263995e86",
            "DHV_NODE_POOL", "default",
            "DHV_VOLUMES_DIR", "/opt/nomad/host_volumes",
            "DHV_PLUGIN_DIR", "/opt/nomad/host_volume_plugins",
            "DHV_CAPACITY_MIN_BYTES", "0",
            "DHV_CAPACITY_MAX_BYTES", "0",
            "DHV_PARAMETERS", "null"));
  }

  @AfterEach
  void stopNode() {
    daemon.close();
  }

  @Test
  void fingerprintTellsAVersionAndAsksNobody() {
    assertEquals(0, nomad("fingerprint"), err.toString());

    assertTrue(
        Pattern.matches("\\{\"version\":\"[0-9]+[^\"]*\"}", out.toString().strip()),
        out.toString());
    assertEquals(List.of(), daemon.requests());
  }

  @Test
  void createTellsWhereTheVolumeIsOnceItIsThere() {
    daemon
        .answer(ATTACH, 202, Operations.json("running", ""))
        .answer(WAIT, 200, Operations.json("succeeded", DONE))
        .answer("GET " + VOLUME, 200, volume(0));

    assertEquals(0, nomad("create"), err.toString());

    assertEquals("{\"path\":\"/flocker/prod.db\",\"bytes\":0}", out.toString().strip());
    assertEquals(ATTACH + " {\"name\":\"prod.db\"}", daemon.requests().getFirst());
  }

  @Test
  void createAsksForASizeAndEnlargesWhatIsSmaller() {
    variables.put("DHV_CAPACITY_MIN_BYTES", "2000000");
    variables.put("DHV_CAPACITY_MAX_BYTES", "3000000");
    variables.put("DHV_PARAMETERS", "{\"profile\":\"gold\"}");
    daemon
        .answer(ATTACH, 202, Operations.json("succeeded", DONE))
        .answer("GET " + VOLUME, 200, volume(1_000_000))
        .answer("PATCH " + VOLUME, 200, volume(3_000_000));

    assertEquals(0, nomad("create"), err.toString());

    assertEquals("{\"path\":\"/flocker/prod.db\",\"bytes\":3000000}", out.toString().strip());
    assertEquals(
        ATTACH + " {\"name\":\"prod.db\",\"sizeBytes\":3000000,\"profile\":\"gold\"}",
        daemon.requests().getFirst());
  }

  @Test
  void aCreateThatFailsSaysWhyAndPrintsNothingThatNomadWouldRead() {
    String problem =
        """
        ,"finished":"2026-01-01T00:00:04Z","problem":{"type":"urn:flocker:problem:kept-by-owner",
        "title":"The owner keeps the volume","status":409,"detail":"node x does not give it"}\
        """;
    daemon.answer(ATTACH, 202, Operations.json("failed", problem));

    assertEquals(1, nomad("create"));

    assertEquals("", out.toString());
    assertTrue(err.toString().contains("node x does not give it"), err.toString());
  }

  @Test
  void deleteKeepsTheVolumeUnlessItIsTold() {
    assertEquals(0, nomad("delete"), err.toString());
    assertEquals(List.of(), daemon.requests());

    variables.put("DHV_PARAMETERS", "{\"remove\":\"destroy\"}");
    daemon
        .answer(NAMED, 200, "{\"volumes\":[" + volume(0) + "]}")
        .answer("DELETE " + VOLUME, 204, "");
    assertEquals(0, nomad("delete"), err.toString());
    assertEquals(List.of(NAMED, "DELETE " + VOLUME), daemon.requests());
  }

  @Test
  void whatIsGoneIsDeleted() {
    variables.put("DHV_PARAMETERS", "{\"remove\":\"destroy\"}");
    daemon.answer(NAMED, 200, "{\"volumes\":[]}");

    assertEquals(0, nomad("delete"), err.toString());
  }

  @Test
  void parametersThatNobodyHeedsAreRefused() {
    variables.put("DHV_PARAMETERS", "{\"sise\":\"1\"}");
    assertEquals(2, nomad("create"));
    assertTrue(err.toString().contains("'sise'"), err.toString());

    variables.put("DHV_PARAMETERS", "{\"remove\":\"yes\"}");
    assertEquals(2, nomad("delete"));

    variables.remove("DHV_PARAMETERS");
    variables.put("DHV_VOLUME_NAME", "../x");
    assertEquals(2, nomad("create"));
    assertEquals("", out.toString());
  }

  private int nomad(String operation) {
    variables.put("DHV_OPERATION", operation);
    CommandEnvironment environment =
        new CommandEnvironment(
            variables, folder, new PrintWriter(out), new PrintWriter(err), new NoTerminal());
    return CommandTree.of(environment)
        .execute(
            "--url",
            daemon.url().toString(),
            "--cert",
            user.certificate().toString(),
            "--key",
            user.key().toString(),
            "nomad-host-volume",
            operation);
  }

  private static String volume(long quotaBytes) {
    return """
    {"id":"%s","name":"prod.db","owner":"%s","role":"owner","epoch":3,"dataset":"tank/y",
     "mountpoint":"/flocker/prod.db","mounted":true,"usedBytes":2048,"referencedBytes":1024,
     "quotaBytes":%d,"snapshotCount":1,"metadata":{}}\
    """
        .formatted(Operations.VOLUME, NODE, quotaBytes);
  }
}
