package io.flocker.cli.deploy;

import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which node the names of a wish mean. Decided once, by whoever deploys: nodes may know each other
 * by other addresses, and would take a name for different nodes.
 *
 * @param nodes where each node of the cluster is reached
 */
public record NodeNames(Map<NodeId, List<Address>> nodes) {
  /**
   * A wish that names nodes by their uuids.
   *
   * @param wish the same otherwise; a name that means no node, or several, is left as it was
   * @param problems a sentence for each of those
   */
  public record Resolved(Deployment wish, List<String> problems) {}

  /** The names of these nodes. */
  public static NodeNames of(List<ClusterNode> nodes) {
    Map<NodeId, List<Address>> known = new LinkedHashMap<>();
    nodes.forEach(node -> known.put(node.id(), node.addresses()));
    return new NodeNames(known);
  }

  /** Names the nodes of {@code wish} by their uuids. */
  public Resolved resolve(Deployment wish) {
    List<String> problems = new ArrayList<>();
    Map<NodeId, String> taken = new LinkedHashMap<>();
    List<NodeWish> resolved = new ArrayList<>();
    for (NodeWish one : wish.nodes()) {
      List<NodeId> meant =
          nodes.entrySet().stream()
              .filter(node -> one.isFor(node.getKey(), node.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      if (meant.size() != 1) {
        problems.add(
            meant.isEmpty() ? unknown(one) : "node " + one.node() + " is several: " + list(meant));
        resolved.add(one);
        continue;
      }
      String before = taken.putIfAbsent(meant.getFirst(), one.node());
      if (before != null) {
        problems.add(
            "node %s is node %s, which is there already: both are %s"
                .formatted(one.node(), before, meant.getFirst()));
        resolved.add(one);
        continue;
      }
      resolved.add(NodeWish.of(meant.getFirst().toString(), one.applications()));
    }
    return new Resolved(new Deployment(wish.applications(), resolved), problems);
  }

  private String unknown(NodeWish wish) {
    String known =
        nodes.entrySet().stream()
            .map(node -> node.getValue().getFirst().host() + " (" + node.getKey() + ")")
            .collect(Collectors.joining(", "));
    return "node %s is none of the cluster's, which are %s; tell a node with flocker peer add"
        .formatted(wish.node(), known);
  }

  private static String list(List<NodeId> ids) {
    return ids.stream().map(NodeId::toString).collect(Collectors.joining(", "))
        + "; name it by its uuid";
  }
}
