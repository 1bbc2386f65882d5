package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerReference;
import io.flocker.core.peer.Reach;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the other nodes are. Any thread. */
public final class PeerRoutes {
  private static final String PEERS = "/v1/peers";
  private static final String PEER = PEERS + "/{node}";
  private static final Parameter NODE =
      Parameter.path(
          "node", "peerReference", "The peer: its node id, its name, or its id cut short.");
  private static final String READ = "peer:read";
  private static final String WRITE = "peer:write";

  private final PeerBook book;
  private final Listener listener;

  /** What has to be done about peers, and is known of them, beside where they are. */
  @FunctionalInterface
  public interface Listener {
    /** A peer was taken out. */
    void left(NodeId peer) throws FailureException;

    /** A peer is there that was not, or can be reached elsewhere, or may do something else. */
    default void came(NodeId peer) {}

    /** Whether a peer answers; empty where nobody knows. */
    default Optional<Reach> reach(Peer peer) {
      return Optional.empty();
    }
  }

  /** The routes over {@code book}. */
  public PeerRoutes(PeerBook book, Listener listener) {
    this.book = book;
    this.listener = listener;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listPeers", PEERS)
            .permits(READ, Route.PUBLIC)
            .summary("List peers")
            .description("The nodes that this one knows how to reach.")
            .answers("peers")
            .servedBy(this::list),
        JsonRoute.get("getPeer", PEER)
            .permits(READ, Route.PUBLIC)
            .summary("Show a peer")
            .description(
                "Where this node reaches it, whether it answered when it was asked last, and"
                    + " whether it may take over. A peer is asked where something is to be said to"
                    + " it, not in order to know whether it answers: the time is told.")
            .heeds(NODE)
            .answers("peer")
            .refuses(OwnershipFailure.PEER_UNKNOWN)
            .servedBy(this::get),
        JsonRoute.put("putPeer", PEER)
            .permits(WRITE, Route.PUBLIC)
            .summary("Tell where a peer is")
            .description(
                "Replaces what this node knows of it, but for a name that is not said. It is asked"
                    + " at these addresses in turn, and has to show the certificate of that node."
                    + " One that is new is named by its node id.")
            .heeds(NODE)
            .takes("peer-put")
            .answers("peer")
            .creates("peer")
            .refuses(OwnershipFailure.PEER_UNKNOWN)
            .servedBy(this::put),
        JsonRoute.delete("forgetPeer", PEER)
            .permits(WRITE, Route.PUBLIC)
            .summary("Forget a peer")
            .description(
                "It can neither receive nor take over volumes of this node any more, no snapshot is"
                    + " kept for it, it is answered nothing, and the streams that it has under way"
                    + " here end.")
            .heeds(NODE)
            .answersNothing()
            .refuses(OwnershipFailure.PEER_UNKNOWN)
            .servedBy(this::delete));
  }

  private JsonResponse list(JsonRequest request) {
    return JsonResponse.ok(Map.of("peers", book.list().stream().map(this::document).toList()));
  }

  private JsonResponse get(JsonRequest request) throws FailureException {
    return JsonResponse.ok(document(book.require(node(request))));
  }

  private JsonResponse put(JsonRequest request) throws FailureException {
    Peer peer = request.bodyAs(PeerEntry.class).peer(node(request));
    for (Address address : peer.addresses()) {
      if (!address.isReachable()) {
        throw RequestFailure.MALFORMED_REQUEST.because(
            address + " stands for all addresses of a machine: nobody can connect to it");
      }
    }
    boolean isNew = book.put(peer);
    listener.came(peer.node());
    PeerDocument known = document(book.require(peer.node()));
    return isNew ? JsonResponse.created(PEERS + "/" + peer.node(), known) : JsonResponse.ok(known);
  }

  private JsonResponse delete(JsonRequest request) throws FailureException {
    NodeId node = node(request);
    book.remove(node);
    listener.left(node);
    return JsonResponse.noContent();
  }

  private PeerDocument document(Peer peer) {
    return PeerDocument.of(peer, listener.reach(peer));
  }

  private NodeId node(JsonRequest request) throws FailureException {
    return book.resolve(request.variable("node", PeerReference::new));
  }
}
