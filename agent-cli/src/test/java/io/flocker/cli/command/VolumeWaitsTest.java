package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services that wait for volumes. */
@Timeout(60)
class VolumeWaitsTest {
  private static final String ONE = "GET /v1/volumes?name=default.db";
  private static final String ALL = "GET /v1/volumes";

  private FakeCluster cluster;

  @BeforeEach
  void startNodes(@TempDir Path folder) throws Exception {
    cluster = new FakeCluster(folder);
  }

  @AfterEach
  void stopNodes() {
    cluster.close();
  }

  @Test
  void aVolumeIsWaitedForUntilItIsMounted() {
    cluster
        .first
        .answer(ONE, 503, FakeCluster.problem(503, "pool-unavailable"))
        .answer(ONE, 200, list())
        .answer(ONE, 200, list(volume("default.db", "owner", "mounting")))
        .answer(ONE, 200, list(volume("default.db", "owner", "mounted")));

    assertEquals(0, flocker("volume", "await", "default.db"), cluster.err::toString);
    assertTrue(cluster.err.toString().contains("default.db is mounting"), cluster.err::toString);
    assertEquals(3, cluster.err.toString().lines().count(), cluster.err::toString);
  }

  @Test
  void ofAllOnlyThoseThatTheNodeOwnsAreWaitedFor() {
    cluster.first.answer(
        ALL,
        200,
        list(
            volume("default.db", "owner", "mounted"),
            volume("default.web", "replica", "unmounted")));

    assertEquals(0, flocker("volume", "await"), cluster.err::toString);
  }

  @Test
  void oneThatTheNodeWasPutOutOfIsWaitedForHoweverLongItStaysMounted() {
    cluster
        .first
        .answer(ONE, 200, list(volume("default.db", "superseded", "mounted")))
        .answer(ONE, 200, list(volume("default.db", "owner", "mounted")));

    assertEquals(0, flocker("volume", "await", "default.db"), cluster.err::toString);
    assertTrue(
        cluster.err.toString().contains("default.db is superseded here, owned by"),
        cluster.err::toString);
  }

  @Test
  void whatIsNotMountedInTimeIsAFailureThatSaysWhy() {
    cluster.first.answer(ALL, 200, list(volume("default.db", "owner", "failed")));

    assertEquals(1, flocker("volume", "await", "--timeout", "0s"));
    assertTrue(cluster.err.toString().contains("default.db is failed"), cluster.err::toString);
  }

  private static String list(String... volumes) {
    return "{\"volumes\":[" + String.join(",", volumes) + "]}";
  }

  private static String volume(String name, String role, String mountState) {
    return """
    {"id":"aaaa1111-2222-4333-8444-555555555555","name":"%s","owner":"%s","role":"%s","epoch":0,
     "dataset":"d","mounted":%s,"mountState":"%s","usedBytes":0,"referencedBytes":0,"quotaBytes":0,
     "snapshotCount":0,"metadata":{}}\
    """
        .formatted(name, FakeCluster.FIRST, role, "mounted".equals(mountState), mountState);
  }

  private int flocker(String... arguments) {
    return CommandTree.run(cluster.environment(), arguments);
  }
}
