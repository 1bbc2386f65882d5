package io.flocker.transfer.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.peer.Reach;
import io.flocker.core.peer.Takeover;
import io.flocker.http.TestServer;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpPeerVolumesTest {
  private static final Address NOWHERE = new Address("127.0.0.1", 1);
  private static final FindRequest QUESTION = new FindRequest(List.of(), List.of());

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void onePeerThatCannotReachAnotherIsReachedItself(@TempDir Path folder) throws Exception {
    try (TestServer server = TestServer.start(folder, List.of(refusing()))) {
      PeerAddress there = server.address();
      PeerBook book = PeerBook.open(folder, NodeId.random(), EventSink.NONE);
      PeerReach reach = new PeerReach(book, EventSink.NONE);
      PeerVolumes peers =
          new HttpPeerVolumes(
              server.peerClient(PeerClientSettings.defaults()), server.loops(), book, reach);

      Peer reached = put(book, there.node(), there.place(), NOWHERE);
      assertUnreachable(peers, there.node());
      assertEquals(1, asked.get(), "its word is asked for once, not at each of its addresses");
      assertEquals(Optional.of(true), reach.of(reached).map(Reach::isAnswering));

      Peer away = put(book, there.node(), NOWHERE);
      assertUnreachable(peers, there.node());
      assertEquals(Optional.of(false), reach.of(away).map(Reach::isAnswering));
    }
  }

  private Route refusing() {
    return JsonRoute.post("findVolumes", "/node/v1/volumes/find")
        .permits("replica:read", Route.NODES)
        .summary("Refuse")
        .description("As a node does that would have to ask another one.")
        .takes("node-find-request")
        .answersNothing()
        .repeatable()
        .refuses(TransferFailure.PEER_UNREACHABLE)
        .servedBy(_ -> {
          int _ = asked.incrementAndGet();
          throw TransferFailure.PEER_UNREACHABLE.because("its owner is away");
        });
  }

  private static void assertUnreachable(PeerVolumes peers, NodeId node) {
    FailureException failure =
        assertThrows(FailureException.class, () -> peers.find(node, QUESTION));
    assertEquals(TransferFailure.PEER_UNREACHABLE, failure.failure(), failure::detail);
  }

  private static Peer put(PeerBook book, NodeId node, Address... addresses) throws Exception {
    boolean _ = book.put(new Peer(node, Optional.empty(), List.of(addresses), Takeover.NEVER));
    return book.require(node);
  }
}
