package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.pki.TlsPolicy;
import io.flocker.core.storage.TestPool;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.EventStream;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.NodeEvent;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Many operations at once, and a daemon that is killed in their midst. What is asked for is
 * handoffs of volumes that have children: each is an operation that begins, takes the volume alone,
 * looks at it, and is refused. Needs neither root nor ZFS.
 */
@Timeout(900)
class OperationLoadIT {
  private static final int OPERATIONS = 1_000;
  private static final int CLIENTS = 50;
  private static final int VOLUMES = 20;
  private static final int KILLED_AFTER = 400;
  private static final NodeId PEER = NodeId.random();

  /** Why a handoff fails: for what it found, for its peer, for another one at work, or the kill. */
  private static final Set<String> ENDS =
      Set.of(
          OwnershipFailure.HAS_CHILDREN.type(),
          OwnershipFailure.VOLUME_LOCKED.type(),
          TransferFailure.PEER_UNREACHABLE.type(),
          TransferFailure.INTERRUPTED.type());

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final List<VolumeId> VOLUME_IDS = new ArrayList<>();

  private static TestNode node;
  private static TestCluster cluster;
  private static Credentials user;

  private final Map<Integer, String> started = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch untilKill = new CountDownLatch(KILLED_AFTER);

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
    user = cluster.user("tester");
    TestPool pool =
        FakePool.create(
            Files.createDirectory(folder.resolve("node")), "bytes=0\nrate=1\npause=0\n");
    node = TestNode.create(cluster, user, pool, NodeSetup.usual().with(FakePool.programs(pool)));
    node.start();
    for (int i = 0; i < VOLUMES; i++) {
      VolumeDocument volume = node.create("default.v" + i);
      VOLUME_IDS.add(volume.id());
      FakePool.addChild(pool, volume.dataset());
    }
    List<Address> nowhere = List.of(Address.parse("127.0.0.1:9"));
    var _ = node.client().putPeer(new Peer(PEER, nowhere, Takeover.NEVER));
    FakePool.freeze(pool);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  @DisplayName("H06 a thousand operations of fifty clients, the daemon killed: each ends, once")
  void noneIsLostAndNoneIsDoubled() throws Exception {
    try (Hearing own = Hearing.of(user);
        Hearing colleague = Hearing.of(cluster.user("colleague"))) {
      long begun = System.nanoTime();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofPlatform().name("client-" + i).start(this::work));
      }
      untilKill.await();
      node.daemon().kill();
      Instant killed = Instant.now();
      node.start();
      for (Thread client : clients) {
        client.join();
      }
      long accepted = System.nanoTime();
      Map<String, JsonNode> kept = awaitEnd();
      long done = System.nanoTime();
      System.out.printf(
          "%d operations: accepted in %d ms with a kill and a start, ended after %d ms%n",
          OPERATIONS, (accepted - begun) / 1_000_000, (done - begun) / 1_000_000);

      assertEquals(OPERATIONS, started.size());
      assertEquals(kept.keySet(), new HashSet<>(started.values()), "none lost, none doubled");
      kept.values().forEach(OperationLoadIT::assertAccountedFor);
      Await.until("the end of each in the events", () -> hasHeardAll(kept, own.ended(), killed));
      assertInOrder(own.stop());
      Await.until(
          "the same for who may hand off too", () -> hasHeardAll(kept, colleague.ended(), killed));
      assertInOrder(colleague.stop());
    }
  }

  private void work() {
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(user.sslContext())
            .sslParameters(TlsPolicy.client())
            .build()) {
      for (int i = next.getAndIncrement(); i < OPERATIONS; i = next.getAndIncrement()) {
        started.put(i, start(http, i));
        untilKill.countDown();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks again and again under the same key, until it is answered. */
  private static String start(HttpClient http, int number) throws Exception {
    VolumeId volume = VOLUME_IDS.get(number % VOLUMES);
    byte[] body = Json.write(Map.of("peer", PEER.toString()));
    HttpRequest request =
        HttpRequest.newBuilder(node.url().resolve("/v1/volumes/" + volume + "/handoff"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "load-" + number)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    while (true) {
      try {
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() == 202) {
          return Json.read(answer.body()).path("id").stringValue();
        }
        // A request whose answer was lost is still at work, the node is busy, or it stops.
        JsonNode problem = Json.read(answer.body());
        assertEquals("later", problem.path("retry").stringValue(), problem::toString);
      } catch (IOException _) {
        // The daemon was killed: it, or the next one, is asked again.
      }
      Thread.sleep(100);
    }
  }

  /** All operations by id, once none goes on. */
  private static Map<String, JsonNode> awaitEnd() throws Exception {
    Map<String, JsonNode> kept = new HashMap<>();
    Await.until(
        "the end of every operation",
        () -> {
          kept.clear();
          list().forEach(operation -> kept.put(operation.path("id").stringValue(), operation));
          return kept.values().stream().allMatch(operation -> operation.has("finished"));
        });
    return kept;
  }

  private static List<JsonNode> list() throws Exception {
    CertifiedCaller caller = new CertifiedCaller(user);
    List<JsonNode> all = new ArrayList<>();
    String path = "/v1/operations?limit=500";
    while (true) {
      JsonNode page = caller.get(node, path).succeed();
      page.path("operations").forEach(all::add);
      if (!page.has("next")) {
        return all;
      }
      path = "/v1/operations?limit=500&before=" + page.path("next").stringValue();
    }
  }

  private static void assertAccountedFor(JsonNode operation) {
    assertEquals("failed", operation.path("state").stringValue(), operation::toString);
    assertTrue(ENDS.contains(operation.at("/problem/type").stringValue()), operation::toString);
  }

  /** Of those that ended after the kill; what ended just before it the gap stands for. */
  private static boolean hasHeardAll(
      Map<String, JsonNode> kept, Set<String> ended, Instant killed) {
    return kept.values().stream()
        .filter(
            operation -> Instant.parse(operation.path("finished").stringValue()).isAfter(killed))
        .allMatch(operation -> ended.contains(operation.path("id").stringValue()));
  }

  /** Each begins, goes on and ends, once in each run of the daemon; ids only go forward. */
  private static void assertInOrder(List<NodeEvent> heard) {
    Map<String, String> last = new HashMap<>();
    Set<String> ended = new HashSet<>();
    String era = "";
    long sequence = 0;
    int gaps = 0;
    for (NodeEvent event : heard) {
      String its = event.id().substring(0, event.id().indexOf('-'));
      if (!its.equals(era)) {
        era = its;
        sequence = -1;
        last.clear();
      }
      long now = Long.parseLong(event.id().substring(era.length() + 1));
      assertTrue(now > sequence, () -> event.id() + " came late");
      sequence = now;
      if (event.type().equals("gap")) {
        gaps++;
        continue;
      }
      String id = event.data().at("/operation/id").stringValue();
      String before = last.put(id, event.type());
      assertTrue(follows(before, event.type()), () -> event.type() + " after " + before);
      assertTrue(!event.type().equals("operation.ended") || ended.add(id), () -> id + " twice");
    }
    assertEquals(1, gaps, "the kill is told, and nothing else is missing");
  }

  private static boolean follows(@Nullable String before, String now) {
    return switch (now) {
      case "operation.started" -> before == null;
      default -> before != null && !before.equals("operation.ended");
    };
  }

  /** Somebody who listens to operations, through everything. */
  private record Hearing(
      FlockerClient client,
      EventStream events,
      List<NodeEvent> heard,
      Set<String> ended,
      CompletableFuture<Exception> end)
      implements AutoCloseable {
    static Hearing of(Credentials who) throws Exception {
      FlockerClient client = new FlockerClient(node.url(), who.sslContext());
      EventStream events = client.events(List.of("operation"), List.of(), Optional.empty());
      events.connect();
      Hearing hearing =
          new Hearing(
              client,
              events,
              new ArrayList<>(),
              ConcurrentHashMap.newKeySet(),
              new CompletableFuture<>());
      var _ = Thread.startVirtualThread(hearing::listen);
      return hearing;
    }

    /** All that it heard, once it listens no more; nothing else than this has ended it. */
    List<NodeEvent> stop() throws Exception {
      assertFalse(end.isDone(), () -> "heard no more: " + end.join());
      events.close();
      assertInstanceOf(IOException.class, end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      return heard;
    }

    @Override
    public void close() {
      events.close();
      client.close();
    }

    private void listen() {
      try {
        while (true) {
          NodeEvent event = events.next();
          heard.add(event);
          if (event.type().equals("operation.ended")) {
            ended.add(event.data().at("/operation/id").stringValue());
          }
        }
      } catch (Exception e) {
        end.complete(e);
      }
    }
  }
}
