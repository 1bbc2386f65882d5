package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be undone is done only on somebody's word. */
class ConsentTest {
  private static final String VOLUME = "/v1/volumes/" + Operations.VOLUME;
  private static final String FOUND =
      """
      {"id":"%s","name":"default.web","owner":"%s","role":"owner","epoch":0,"dataset":"tank/x",
       "mounted":true,"usedBytes":2048,"referencedBytes":1024,"quotaBytes":0,"snapshotCount":3,
       "copies":["%s"]}\
      """
          .formatted(Operations.VOLUME, FakeCluster.FIRST, FakeCluster.SECOND);

  private FakeCluster cluster;

  @BeforeEach
  void startNodes(@TempDir Path folder) throws Exception {
    cluster = new FakeCluster(folder);
    cluster
        .first
        .answer("GET /v1/volumes", 200, "{\"volumes\":[" + FOUND + "]}")
        .answer("GET /v1/volumes?name=default.web", 200, "{\"volumes\":[" + FOUND + "]}")
        .answer("DELETE " + VOLUME, 204, "");
  }

  @AfterEach
  void stopNodes() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volume destroy default.web",
        "volume rm default.web",
        "volume rollback default.web first",
        "volume takeover default.web",
        "volume resolve default.web --keep node-2",
        "volume destroy-snapshot default.web first"
      })
  void whereNobodyCanBeAskedNothingIsAskedOfTheNodeEither(String line) {
    assertEquals(2, flocker(line.split(" ")));
    assertTrue(
        cluster.err.toString().contains("There is nobody to ask: give --yes"),
        cluster.err::toString);
    assertEquals(List.of(), cluster.first.requests());
  }

  @Test
  void nobodyIsAskedWhereADocumentIsWanted() {
    cluster.interactive = true;
    cluster.typed.add("y");
    assertEquals(2, flocker("--json", "volume", "destroy", "default.web"));
    assertEquals(List.of(), cluster.first.requests());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n", "yesterday", "default.web"})
  void anythingButAYesChangesNothing(String answer) {
    cluster.interactive = true;
    cluster.typed.add(answer);

    assertEquals(1, flocker("volume", "destroy", "default.web"));
    assertEquals("flocker: nothing was changed\n", cluster.err.toString());
    assertTrue(
        cluster.first.requests().stream().noneMatch(one -> one.startsWith("DELETE")),
        cluster.first.requests()::toString);
  }

  @Test
  void whoeverIsAskedIsToldWhatIsLostAndWhatStays() {
    cluster.interactive = true;
    cluster.typed.add("y");

    assertEquals(0, flocker("volume", "destroy", "default.web"), cluster.err::toString);
    assertTrue(
        cluster
            .out
            .toString()
            .startsWith(
                "Volume default.web, 2.0 KiB, is destroyed here with its 3 snapshots. Copies stay"
                    + " at "
                    + FakeCluster.SECOND),
        cluster.out::toString);
    assertEquals(
        "a copy stays at node %s; to remove it: flocker volume destroy %s --replica --url %s"
            .formatted(FakeCluster.SECOND, Operations.VOLUME, cluster.second.url()),
        cluster.said().getLast());
    assertEquals("DELETE " + VOLUME, cluster.first.requests().getLast());
  }

  @Test
  void yesIsAWordToo() {
    assertEquals(0, flocker("volume", "rm", "default.web", "-y"), cluster.err::toString);
    assertEquals("DELETE " + VOLUME, cluster.first.requests().getLast());
  }

  @Test
  void aPeerWithCopiesIsForgottenOnlyOnAWord() {
    String peer = FakeCluster.SECOND.toString();
    cluster.first.answer("DELETE /v1/peers/" + peer, 204, "");
    cluster.first.answer(
        "GET /v1/peers",
        200,
        """
        {"peers":[{"node":"%s","name":"node-2","addresses":["10.0.0.2:4523"],"takeover":"never"}]}
        """
            .formatted(peer));

    assertEquals(2, flocker("peer", "remove", peer));
    assertEquals(0, flocker("peer", "rm", peer, "--yes"), cluster.err::toString);
    assertTrue(
        cluster.out.toString().contains("removed peer node-2 (" + peer + ")"),
        cluster.out::toString);
  }

  @Test
  void aPeerWithoutCopiesIsForgottenAtOnce() {
    String peer = "cccccccc-2222-4333-8444-555555555555";
    cluster.first.answer("DELETE /v1/peers/" + peer, 204, "");

    assertEquals(0, flocker("peer", "remove", peer), cluster.err::toString);
  }

  private int flocker(String... words) {
    return CommandTree.of(cluster.environment()).execute(words);
  }
}
