package io.flocker.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.client.FlockerClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowingTest {
  private static final String STATUS = "GET /v1/configuration/status";
  private static final String STATE = "GET /v1/state";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private FakeDaemon daemon;
  private ClusterNode node;

  /** Every look at it takes a while. */
  private final AtomicLong seconds = new AtomicLong();

  private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.addAndGet(5));

  @BeforeEach
  void start() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    NodeId id = NodeId.random();
    daemon = new FakeDaemon(cluster.node(id));
    node =
        new ClusterNode(
            id,
            "one",
            List.of(Address.parse(daemon.url().getAuthority())),
            List.of(new FlockerClient(daemon.url(), cluster.user("alice").sslContext())));
  }

  @AfterEach
  void stop() {
    node.close();
    daemon.close();
  }

  @Test
  void endsWithTheWish() throws Exception {
    daemon
        .answer(STATUS, 200, "{\"generation\":6,\"isAsWished\":true,\"objects\":[]}")
        .answer(STATUS, 200, "{\"generation\":7,\"isAsWished\":true,\"objects\":[]}");

    assertEquals(Following.End.AS_WISHED, follow().end());
  }

  @Test
  void endsWithALaterWish() throws Exception {
    daemon.answer(STATUS, 200, "{\"generation\":8,\"isAsWished\":true,\"objects\":[]}");

    assertEquals(Following.End.OVERTAKEN, follow().end());
  }

  @Test
  void whatIsWaitedForIsNotGivenUpWhileItComesIn() throws Exception {
    daemon.answer(
        STATUS,
        200,
        """
        {"generation":7,"isAsWished":false,"objects":[{"kind":"volume","name":"default.db",
         "state":"waiting","text":"","since":"2026-01-01T00:00:00Z","tries":0}]}
        """);
    daemon.answer(STATE, 200, "{\"transfers\":[]}");
    assertEquals(Following.End.STUCK, follow().end());
    long alone = looks();

    for (int bytes = 1; bytes <= 20; bytes++) {
      daemon.answer(STATE, 200, state("in", bytes));
    }

    assertEquals(Following.End.STUCK, follow().end());
    assertTrue(looks() - alone > 2 * alone, () -> alone + " of " + looks() + " looks");
  }

  @Test
  void whatGoesOutIsNoSignOfWhatComesIn() throws Exception {
    daemon.answer(
        STATUS,
        200,
        """
        {"generation":7,"isAsWished":false,"objects":[{"kind":"volume","name":"default.db",
         "state":"waiting","text":"","since":"2026-01-01T00:00:00Z","tries":0}]}
        """);
    for (int bytes = 1; bytes <= 100; bytes++) {
      daemon.answer(STATE, 200, state("out", bytes));
    }

    assertEquals(Following.End.STUCK, follow().end());
    assertTrue(looks() < 20, () -> looks() + " looks");
  }

  private Following.Ended follow() throws InterruptedException {
    return new Following(
            7, List.of(node), StandstillLimits.ofAll(PATIENCE), _ -> {}, clock, Duration.ZERO)
        .follow();
  }

  private long looks() {
    return daemon.requests().stream().filter(STATUS::equals).count();
  }

  private static String state(String direction, int bytes) {
    return """
    {"transfers":[{"id":"%s","direction":"%s","volume":"%s","peer":"%s","kind":"full",
     "started":"2026-01-01T00:00:00Z","bytes":%d}]}
    """
        .formatted(
            new UUID(0, 1),
            direction,
            new VolumeId(new UUID(0x4000, Long.MIN_VALUE)),
            NodeId.random(),
            bytes);
  }
}
