package io.flocker.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.client.FlockerClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
  private static final String STATUS = "GET /v1/configuration/status";
  private static final String AS_WISHED = "{\"generation\":1,\"isAsWished\":true,\"objects\":[]}";

  @TempDir private Path folder;
  private SSLContext tls;
  private FakeDaemon daemon;
  private FakeDaemon gone;
  private final List<ClusterNode> nodes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    tls = cluster.user("alice").sslContext();
    daemon = new FakeDaemon(cluster.node(NodeId.random())).answer(STATUS, 200, AS_WISHED);
    gone = new FakeDaemon(cluster.node(NodeId.random()));
    gone.close();
  }

  @AfterEach
  void stop() {
    nodes.forEach(ClusterNode::close);
    daemon.close();
  }

  @Test
  @DisplayName("128 nodes are asked at one time")
  void asksAllAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(2);

    Map<ClusterNode, Answer<Boolean>> answers =
        Cluster.ask(
            List.of(node(daemon.url()), node(daemon.url())),
            _ -> {
              all.countDown();
              return all.await(1, TimeUnit.MINUTES);
            });

    assertEquals(
        List.of(new Answer.Given<>(true), new Answer.Given<>(true)), List.copyOf(answers.values()));
  }

  @Test
  void aNodeIsLookedForAtEachOfItsAddresses() throws Exception {
    ClusterNode node = node(gone.url(), daemon.url());

    assertTrue(node.ask(FlockerClient::convergence).given().isPresent());
    assertTrue(node.ask(FlockerClient::convergence).given().isPresent());
    assertEquals(List.of(STATUS, STATUS), daemon.requests());
  }

  @Test
  void whoDoesNotAnswerKeepsNobodyElseFromBeingAsked() throws Exception {
    ClusterNode silent = node(gone.url());
    ClusterNode there = node(daemon.url());

    var answers = Cluster.ask(List.of(silent, there), FlockerClient::convergence);

    assertInstanceOf(Answer.Silent.class, answers.get(silent));
    assertInstanceOf(Answer.Given.class, answers.get(there));
  }

  private ClusterNode node(URI... urls) {
    ClusterNode node =
        new ClusterNode(
            NodeId.random(),
            "node",
            Stream.of(urls).map(url -> Address.parse(url.getAuthority())).toList(),
            Stream.of(urls).map(url -> new FlockerClient(url, tls)).toList());
    nodes.add(node);
    return node;
  }
}
