package io.flocker.cli.deploy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A node and all its peers, asked at once. Any thread; blocks no longer than the slowest of them
 * takes, or its client's deadline.
 */
public final class Cluster implements AutoCloseable {
  private final List<ClusterNode> nodes;

  private Cluster(List<ClusterNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * The cluster as one of its nodes knows it.
   *
   * @param asked that node; the caller closes it
   * @param connect makes a client of the node at a URL
   */
  public static Cluster around(FlockerClient asked, Function<URI, FlockerClient> connect)
      throws FailureException, IOException, InterruptedException {
    NodeDocument self = asked.node();
    Map<NodeId, List<Address>> known = new LinkedHashMap<>();
    known.put(self.node(), List.of(Address.parse(self.url().getAuthority())));
    Map<NodeId, PeerName> names = new HashMap<>();
    for (Peer peer : asked.peers()) {
      known.put(peer.node(), peer.addresses());
      peer.name().ifPresent(name -> names.put(peer.node(), name));
    }
    List<ClusterNode> nodes = new ArrayList<>();
    known.forEach((node, addresses) -> {
      // Whoever asks may reach it elsewhere than its peers do.
      List<URI> urls =
          node.equals(self.node())
              ? List.of(asked.url())
              : addresses.stream().map(Address::url).toList();
      nodes.add(
          new ClusterNode(
              node,
              Optional.ofNullable(names.get(node))
                  .map(PeerName::text)
                  .orElseGet(() -> name(addresses, known.values())),
              addresses,
              urls.stream().map(connect).toList()));
    });
    return new Cluster(nodes);
  }

  /** The node that was asked for the others first, then these. */
  public List<ClusterNode> nodes() {
    return nodes;
  }

  /** Asks all of them at once; in the order of {@link #nodes}. */
  public <T> Map<ClusterNode, Answer<T>> ask(ClusterNode.Question<T> question)
      throws InterruptedException {
    return ask(nodes, question);
  }

  /** Asks some of them at once, in their order. */
  public static <T> Map<ClusterNode, Answer<T>> ask(
      Collection<ClusterNode> some, ClusterNode.Question<T> question) throws InterruptedException {
    Map<ClusterNode, Future<Answer<T>>> asked = new LinkedHashMap<>();
    Map<ClusterNode, Answer<T>> answers = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      some.forEach(node -> asked.put(node, threads.submit(() -> node.ask(question))));
      try {
        for (Map.Entry<ClusterNode, Future<Answer<T>>> one : asked.entrySet()) {
          answers.put(one.getKey(), one.getValue().get());
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } finally {
        threads.shutdownNow();
      }
    }
    return answers;
  }

  /**
   * Asks those at once that were reached before; the others stay silent, and are not waited for.
   */
  public static <T> Map<ClusterNode, Answer<T>> askReached(
      Map<ClusterNode, ? extends Answer<?>> before, ClusterNode.Question<T> question)
      throws InterruptedException {
    List<ClusterNode> reached =
        before.entrySet().stream()
            .filter(one -> !(one.getValue() instanceof Answer.Silent<?>))
            .map(Map.Entry::getKey)
            .toList();
    Map<ClusterNode, Answer<T>> given = ask(reached, question);
    Map<ClusterNode, Answer<T>> answers = new LinkedHashMap<>();
    before.forEach((node, answer) ->
        answers.put(
            node,
            answer instanceof Answer.Silent<?>(String why)
                ? new Answer.Silent<>(why)
                : Objects.requireNonNull(given.get(node))));
    return answers;
  }

  @Override
  public void close() {
    nodes.forEach(ClusterNode::close);
  }

  /** Its host, unless another node has the same. */
  private static String name(List<Address> addresses, Collection<List<Address>> all) {
    String host = addresses.getFirst().host();
    long sharing =
        all.stream()
            .flatMap(one -> Stream.of(one.getFirst()))
            .filter(address -> address.host().equals(host))
            .count();
    return sharing > 1 ? addresses.getFirst().toString() : host;
  }
}
