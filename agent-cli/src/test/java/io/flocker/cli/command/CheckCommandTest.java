package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.NoTerminal;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Nagios and its like are told. */
class CheckCommandTest {
  private static final NodeId PEER = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final String ROUTE = "GET /v1/replication";

  @TempDir private Path folder;
  private CredentialFiles user;
  private FakeDaemon daemon;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void startNode() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    daemon = new FakeDaemon(cluster.node(PEER));
    cluster.user("alice");
    user = cluster.files("alice");
  }

  @AfterEach
  void stopNode() {
    daemon.close();
  }

  @ParameterizedTest
  @CsvSource({
    "current, 0, 0, OK",
    "current, 29.9, 0, OK",
    "current, 30.1, 2, CRITICAL",
    "behind, 61, 2, CRITICAL",
    "new, 1, 1, WARNING",
    "failed, 1, 1, WARNING",
    "failed, 31, 2, CRITICAL",
    "stalled, 1, 1, WARNING",
    "hindered, 0, 2, CRITICAL",
    "drifted, 0, 2, CRITICAL"
  })
  void theWorstCopyCounts(String state, double lag, int code, String word) {
    daemon.answer(ROUTE, 200, copies(copy("current", 0.5), copy(state, lag)));

    assertEquals(code, flocker("check", "--max-lag", "30s"), out.toString());
    assertTrue(out.toString().startsWith("FLOCKER " + word + " - "), out.toString());
    assertEquals(1, out.toString().lines().count(), out.toString());
    assertTrue(out.toString().contains(" | lag="), out.toString());
  }

  @Test
  void aBadCopyIsAtANodeWithAName() {
    daemon.answer(ROUTE, 200, copies(copy("hindered", 1)));
    daemon.answer(
        "GET /v1/peers",
        200,
        """
        {"peers":[{"node":"%s","name":"node-2","addresses":["10.0.0.2:4523"],"takeover":"never"}]}
        """
            .formatted(PEER));

    assertEquals(2, flocker("check"), out.toString());
    assertTrue(out.toString().contains("default.web at node node-2 is hindered"), out.toString());
  }

  @ParameterizedTest
  @CsvSource({"current, 59, '', 0", "behind, 61, '', 2", "behind, 61, --max-lag=1h, 0"})
  void withoutALimitThePolicysCounts(String state, double lag, String option, int code) {
    daemon.answer(ROUTE, 200, copies(copy(state, lag)));

    assertEquals(code, option.isEmpty() ? flocker("check") : flocker("check", option));
  }

  @Test
  void aCopyThatHasDriftedIsCriticalWhateverElseItsStateTells() {
    String drift =
        "\"state\":\"failed\",\"verification\":{\"last\":{\"guid\":\"00000000000000ff\","
            + "\"snapshot\":\"s\",\"at\":\"2026-01-01T00:00:00Z\",\"drift\":{\"status\":409}}}";
    daemon.answer(ROUTE, 200, copies(copy("failed", 1).replace("\"state\":\"failed\"", drift)));

    assertEquals(2, flocker("check", "--max-lag", "30s"), out.toString());
  }

  @Test
  void aNodeWithoutCopiesIsAllRight() {
    daemon.answer(ROUTE, 200, copies());

    assertEquals(0, flocker("check"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--max-lag=soon", "--no-such-option"})
  void aWrongCommandLineSaysNothingOfCopies(String argument) {
    assertEquals(3, flocker("check", argument));
  }

  @Test
  void aNodeThatRefusesSaysNothingOfCopies() {
    daemon.answer(ROUTE, 500, "{}");

    assertEquals(3, flocker("check"));
  }

  @Test
  void aNodeThatIsDownSaysNothingOfCopies() {
    daemon.close();

    assertEquals(3, flocker("check"));
    assertTrue(out.toString().startsWith("FLOCKER UNKNOWN - "), out.toString());
  }

  private static String copies(String... copies) {
    return "{\"copies\":[" + String.join(",", copies) + "]}";
  }

  private static String copy(String state, double lag) {
    return """
    {"volume":"%s","name":"default.web","peer":"%s","state":"%s","since":"2026-01-01T00:00:00Z",
     "lagSeconds":%s,"maxLagSeconds":60,"tries":0,
     "waitsFor":{"step":"change","text":"something to be written","since":"2026-01-01T00:00:00Z",
      "bytes":0}}\
    """
        .formatted(Operations.VOLUME, PEER, state, lag);
  }

  @Test
  void mistakesInTheSettingsAreOneLineHereAndALineEachElsewhere() throws Exception {
    Files.writeString(folder.resolve("flockerd.yml"), "version: 1\nnope: 1\nnor: 2\n");

    assertEquals(3, execute(List.of(), "check"));
    assertEquals(2, execute(List.of(), "status"));

    String said = out + "" + err;
    assertEquals(1, out.toString().lines().count(), said);
    assertTrue(out.toString().contains("flockerd.yml cannot be used: "), said);
    assertTrue(err.toString().lines().anyMatch(line -> line.startsWith("  ")), said);
    assertFalse(said.contains("\\x{"), said);
  }

  private int flocker(String... arguments) {
    return execute(List.of("--url", daemon.url().toString()), arguments);
  }

  private int execute(List<String> options, String... arguments) {
    CommandEnvironment environment =
        new CommandEnvironment(
            Map.of(), folder, new PrintWriter(out), new PrintWriter(err), new NoTerminal());
    List<String> credentials =
        List.of("--cert", user.certificate().toString(), "--key", user.key().toString());
    return CommandTree.of(environment)
        .execute(
            Stream.of(options, credentials, List.of(arguments))
                .flatMap(List::stream)
                .toArray(String[]::new));
  }
}
