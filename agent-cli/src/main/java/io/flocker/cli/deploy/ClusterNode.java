package io.flocker.cli.deploy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** A node of the cluster, as whoever deploys reaches it. Any thread; blocks. */
public final class ClusterNode implements AutoCloseable {
  private final NodeId id;
  private final String name;
  private final List<Address> addresses;
  private final List<FlockerClient> clients;

  /** The one that answered last; the others are tried where it does not. */
  private volatile int best;

  /** Something to ask a node. */
  @FunctionalInterface
  public interface Question<T> {
    /** Asks it. */
    T ask(FlockerClient node) throws FailureException, IOException, InterruptedException;
  }

  /**
   * A node.
   *
   * @param name what people know it by
   * @param clients one for each address that it may be reached at; closed with this
   */
  public ClusterNode(NodeId id, String name, List<Address> addresses, List<FlockerClient> clients) {
    this.id = id;
    this.name = name;
    this.addresses = List.copyOf(addresses);
    this.clients = List.copyOf(clients);
  }

  /** Its uuid. */
  public NodeId id() {
    return id;
  }

  /** What people know it by. */
  public String name() {
    return name;
  }

  /** Where it is reached, the best first; never empty. */
  public List<Address> addresses() {
    return addresses;
  }

  /** Asks it, at each of its addresses in turn until one answers. */
  public <T> Answer<T> ask(Question<T> question) throws InterruptedException {
    int first = best;
    String why = "";
    for (int attempt = 0; attempt < clients.size(); attempt++) {
      int next = (first + attempt) % clients.size();
      try {
        T value = question.ask(clients.get(next));
        best = next;
        return new Answer.Given<>(value);
      } catch (FailureException e) {
        best = next;
        return new Answer.Refused<>(e);
      } catch (IOException e) {
        why = why.isEmpty() ? String.valueOf(e.getMessage()) : why + "; " + e.getMessage();
      }
    }
    return new Answer.Silent<>(why);
  }

  /** The same text with the names of these nodes in place of their uuids. */
  static String named(String text, Collection<ClusterNode> nodes) {
    String named = text;
    for (ClusterNode node : nodes) {
      named = named.replace(node.id.toString(), node.name);
    }
    return named;
  }

  @Override
  public void close() {
    clients.forEach(FlockerClient::close);
  }

  @Override
  public String toString() {
    return name.equals(id.toString()) ? name : name + " (" + id + ")";
  }
}
