package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids of volumes and operations that are cut short. */
class ShortIdsTest {
  private static final String FIRST = "aaaa1111-2222-4333-8444-555555555555";
  private static final String SECOND = "aaaa2222-2222-4333-8444-555555555555";

  private static final String NONE = "{\"snapshots\":[]}";

  private FakeCluster cluster;

  @BeforeEach
  void startNodes(@TempDir Path folder) throws Exception {
    cluster = new FakeCluster(folder);
    cluster
        .first
        .answer(
            "GET /v1/volumes",
            200,
            "{\"volumes\":[%s,%s]}"
                .formatted(volume(FIRST, "default.web"), volume(SECOND, "default.db")))
        .answer(
            "GET /v1/operations?limit=999",
            200,
            "{\"operations\":[" + Operations.json("running", "") + "]}");
  }

  @AfterEach
  void stopNodes() {
    cluster.close();
  }

  @Test
  void aVolumeIsFoundByTheBeginningOfItsId() {
    cluster.first.answer("GET /v1/volumes/" + SECOND + "/snapshots?limit=999", 200, NONE);

    assertEquals(0, flocker("volume", "snapshots", "aaaa2"), cluster.err::toString);
  }

  @Test
  void whatCanBeTwoVolumesIsRefusedWithBoth() {
    assertEquals(1, flocker("volume", "snapshots", "aaaa"));
    assertTrue(
        cluster
            .err
            .toString()
            .contains("'aaaa' can mean default.web (" + FIRST + "), default.db (" + SECOND + ")"),
        cluster.err::toString);
  }

  @Test
  void whatIsNoVolumeIsSaid() {
    assertEquals(1, flocker("volume", "snapshots", "bbbb"));
    assertTrue(
        cluster.err.toString().contains("no volume whose id begins with bbbb"),
        cluster.err::toString);
  }

  @Test
  void threeCharactersAreTooFew() {
    assertEquals(2, flocker("volume", "snapshots", "aaa"));
  }

  @Test
  void anOperationIsShownByTheBeginningOfItsId() {
    cluster.first.answer(
        "GET /v1/operations/" + Operations.ID + "?wait=0s",
        200,
        Operations.json(
            "failed",
            ",\"finished\":\"2026-01-01T00:00:04Z\",\"problem\":{"
                + "\"type\":\"urn:flocker:problem:no-space\",\"detail\":\"tank is full\"}"));

    String begin = Operations.ID.toString().substring(0, 8);
    assertEquals(0, flocker("operation", "show", begin), cluster.err::toString);
    assertTrue(cluster.said().contains("took      0:04"), cluster.out::toString);
    assertTrue(cluster.said().contains("state     failed"), cluster.out::toString);
    assertTrue(cluster.out.toString().contains("tank is full"), cluster.out::toString);
    assertEquals(1, flocker("operation", "show", "0000"));
  }

  @Test
  void operationsAreListedOfAVolumeThatIsNamedSo() {
    cluster.first.answer(
        "GET /v1/operations?volume=aaaa2",
        200,
        "{\"operations\":[" + Operations.json("running", "") + "]}");

    assertEquals(0, flocker("operation", "ls", "--volume", "aaaa2"), cluster.err::toString);
    assertTrue(cluster.out.toString().contains("running"), cluster.out::toString);
  }

  @Test
  void tablesCallVolumesByTheirNames() {
    String unknown = Operations.json("running", "");
    String volume =
        unknown.replace(
            "\"" + Operations.VOLUME + "\"", "\"" + SECOND + "\",\"volumeName\":\"default.db\"");
    cluster
        .first
        .answer("GET /v1/operations", 200, "{\"operations\":[" + volume + "," + unknown + "]}")
        .answer("GET /v1/operations/" + Operations.ID + "?wait=0s", 200, volume);

    assertEquals(0, flocker("operation", "ls"), cluster.err::toString);
    assertTrue(cluster.out.toString().contains(" default.db\n"), cluster.out::toString);
    assertTrue(cluster.out.toString().contains(" " + Operations.VOLUME + "\n"), "gone");
    assertEquals(0, flocker("operation", "show", Operations.ID.toString()));
    assertTrue(
        cluster.out.toString().contains("volume    default.db (" + SECOND + ")"),
        cluster.out::toString);
    assertEquals(0, flocker("volume", "ls"), cluster.err::toString);
    assertTrue(cluster.out.toString().contains(SECOND + "  here\n"), cluster.out::toString);
  }

  @Test
  void aSizeThatIsNoneIsRefusedInASentence() {
    assertEquals(2, flocker("volume", "create", "default.a", "--quota", "10X"));
    assertTrue(
        cluster.err.toString().contains("'--quota': it is a size with its unit"),
        cluster.err::toString);
  }

  private static String volume(String id, String name) {
    return """
    {"id":"%s","name":"%s","owner":"%s","role":"owner","epoch":0,"dataset":"tank/x",
     "mounted":true,"usedBytes":2048,"referencedBytes":1024,"quotaBytes":0,"snapshotCount":3}\
    """
        .formatted(id, name, FakeCluster.FIRST);
  }

  private int flocker(String... words) {
    return CommandTree.of(cluster.environment()).execute(words);
  }
}
