package io.flocker.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.client.FlockerClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final long DEADLINE_SECONDS = 60;

  @TempDir private Path folder;
  private final BlockingQueue<Seen> shown = new LinkedBlockingQueue<>();

  @Test
  void keepsWhatItKnowsWhateverIsRefusedOrLost() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    Credentials alice = cluster.user("alice");
    FakeDaemon daemon = new FakeDaemon(cluster.node(NodeId.random()));
    daemon.answer(
        "GET /v1/peers",
        403,
        """
        {"type":"urn:flocker:problem:forbidden","title":"No","status":403,
         "detail":"alice may not ask for peers","retry":"never"}\
        """);
    new Told(NOW).volume("default.a", 1).by(daemon);
    try (FlockerClient node = new FlockerClient(daemon.url(), alice.sslContext())) {
      Thread questions =
          Thread.ofPlatform()
              .daemon()
              .start(new Questions(node, InstantSource.fixed(NOW), shown::add));

      Seen first = next();
      assertEquals(List.of("alice may not ask for peers"), first.refused());
      assertEquals(Optional.empty(), first.volumes(), "these take longest, and come last");
      assertEquals(1, next().volumes().orElseThrow().size());
      assertEquals(
          List.of(
              "GET /v1/node",
              "GET /v1/peers",
              "GET /v1/configuration/status",
              "GET /v1/replication",
              "GET /v1/operations?limit=999&state=queued",
              "GET /v1/operations?limit=999&state=running",
              "GET /v1/operations?limit=100&state=failed",
              "GET /v1/operations?limit=100&state=succeeded",
              "GET /v1/volumes"),
          daemon.requests().subList(0, 9));

      daemon.close();
      Seen lost = next();
      while (lost.lost().isEmpty()) {
        lost = next();
      }
      assertEquals(1, lost.volumes().orElseThrow().size());
      assertEquals(Optional.of(NOW), lost.asOf());
      questions.interrupt();
      questions.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
      assertFalse(questions.isAlive(), "it asks for nobody");
    }
  }

  @Test
  void tellsSinceWhenItHasNoAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FlockerClient node =
            new FlockerClient(
                URI.create("https://127.0.0.1:" + silent.getLocalPort()),
                SSLContext.getDefault())) {
      silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
      Questions questions = new Questions(node, InstantSource.fixed(NOW), shown::add);
      assertEquals(Optional.empty(), questions.unanswered());

      Thread asker = Thread.ofPlatform().daemon().start(questions);

      try (Socket _ = silent.accept()) {
        assertEquals(Optional.of(NOW), questions.unanswered());
      }
      asker.interrupt();
      asker.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
      assertFalse(asker.isAlive(), "it asks for nobody");
    }
  }

  @ParameterizedTest
  @CsvSource({"PT0S,true,PT2S", "PT3S,true,PT12S", "PT60S,true,PT15S", "PT60S,false,PT2S"})
  void leavesASlowNodeAloneForAWhile(Duration took, boolean hasAnswered, Duration pause) {
    assertEquals(pause, Questions.pause(took, hasAnswered));
  }

  private Seen next() throws InterruptedException {
    return Optional.ofNullable(shown.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).orElseThrow();
  }
}
