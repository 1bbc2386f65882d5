package io.flocker.transfer.deploy;

import io.flocker.core.deploy.converge.NamedVolumes;
import io.flocker.core.deploy.converge.VolumeDiscovery;
import io.flocker.core.deploy.plan.KnownPeer;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.Side;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.transfer.find.FindService;
import io.flocker.transfer.protocol.FindRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Where volumes are, as this node and its peers know. Any thread. */
public final class DeployedVolumes implements VolumeDiscovery {
  private final PeerBook book;
  private final PeerVolumes links;
  private final FindService local;
  private final Policies policies;
  private final VolumeCatalog catalog;
  private final Duration wait;

  /** Who did not answer when it was asked last. */
  private final Map<NodeId, Boolean> silent = new ConcurrentHashMap<>();

  /** What came of asking a peer: empty volumes if it said nothing of them. */
  private record Said(boolean isReachable, Optional<List<KnownPeer.RemoteVolume>> volumes) {}

  /**
   * Those of {@code node} and its peers.
   *
   * @param wait how long a peer is waited for that does not answer
   */
  public DeployedVolumes(
      NodeVolumes node, PeerVolumes links, FindService local, Policies policies, Duration wait) {
    this.policies = policies;
    this.catalog = node.catalog();
    this.book = node.memory().peers();
    this.links = links;
    this.local = local;
    this.wait = wait;
  }

  @Override
  public List<LocalVolume> here(NamedVolumes named) throws FailureException {
    return local.here(named);
  }

  @Override
  public Map<VolumeId, OwnPolicy> policies() {
    Map<VolumeId, OwnPolicy> own = new HashMap<>(policies.volumes());
    own.keySet().retainAll(owned()); // Those that other owners have told of count only there.
    return own;
  }

  private Set<VolumeId> owned() {
    try {
      return catalog.known().stream()
          .filter(head -> head.role() == Role.OWNER)
          .map(VolumeHead::id)
          .collect(Collectors.toSet());
    } catch (FailureException _) {
      return Set.of(); // The pool is away: nothing is planned.
    }
  }

  @Override
  public List<KnownPeer> peers() {
    return book.list().stream()
        .map(peer -> known(peer, new Said(!silent.containsKey(peer.node()), Optional.empty())))
        .toList();
  }

  @Override
  public List<KnownPeer> ask(NamedVolumes named) {
    FindRequest request = new FindRequest(List.copyOf(named.names()), List.copyOf(named.ids()));
    Map<Peer, CompletableFuture<Said>> answers = new LinkedHashMap<>();
    for (Peer peer : book.list()) {
      answers.put(peer, asking(peer.node(), request));
    }
    long deadline = System.nanoTime() + wait.toNanos();
    List<KnownPeer> peers = new ArrayList<>();
    answers.forEach((peer, answer) -> {
      Said said = within(deadline, answer);
      if (said.isReachable()) {
        var _ = silent.remove(peer.node());
      } else {
        silent.put(peer.node(), true);
      }
      peers.add(known(peer, said));
    });
    return peers;
  }

  private CompletableFuture<Said> asking(NodeId peer, FindRequest request) {
    CompletableFuture<Said> answer = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .name("find-" + peer)
            .start(() -> {
              try {
                boolean _ = answer.complete(ask(peer, request));
              } catch (RuntimeException | Error e) {
                boolean _ = answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  private Said ask(NodeId peer, FindRequest request) {
    try {
      return new Said(
          true,
          Optional.of(
              links.find(peer, request).volumes().stream()
                  .map(volume ->
                      new KnownPeer.RemoteVolume(
                          volume.id(),
                          volume.name(),
                          volume.role(),
                          volume.owner(),
                          volume.maximumSizeBytes()))
                  .toList()));
    } catch (FailureException e) {
      return new Said(e.failure().side() != Side.LINK, Optional.empty());
    }
  }

  private static Said within(long deadline, CompletableFuture<Said> answer) {
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException _) {
      return new Said(false, Optional.empty());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Said(false, Optional.empty());
    }
  }

  private static KnownPeer known(Peer peer, Said said) {
    return new KnownPeer(
        peer.node(),
        peer.addresses(),
        peer.addresses().stream()
            .flatMap(address -> locations(address).stream())
            .distinct()
            .toList(),
        said.isReachable(),
        said.volumes());
  }

  private static List<InetAddress> locations(Address address) {
    try {
      return List.of(InetAddress.getAllByName(address.host()));
    } catch (UnknownHostException _) {
      return List.of(); // No route leads there now.
    }
  }
}
