package io.flocker.cli.deploy;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.id.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which node the names of a wish mean: a uuid, what the node that was asked calls its peer, or the
 * host of an address. Decided once, by whoever deploys: nodes may know each other by other names
 * and addresses, and would take a name for different nodes.
 *
 * @param nodes those of the cluster
 */
public record NodeNames(List<ClusterNode> nodes) {
  /**
   * A wish that names nodes by their uuids.
   *
   * @param wish the same otherwise; a name that means no node, or several, is left as it was
   * @param problems a sentence for each of those
   */
  public record Resolved(Deployment wish, List<String> problems) {}

  /** Names the nodes of {@code wish} by their uuids. */
  public Resolved resolve(Deployment wish) {
    List<String> problems = new ArrayList<>();
    Map<NodeId, String> taken = new LinkedHashMap<>();
    List<NodeWish> resolved = new ArrayList<>();
    for (NodeWish one : wish.nodes()) {
      Optional<NodeId> meant = meant(one.node(), problems);
      String before = meant.isEmpty() ? null : taken.putIfAbsent(meant.get(), one.node());
      if (before != null) {
        problems.add(
            "node %s is node %s, which is there already: both are %s"
                .formatted(one.node(), before, meant.get()));
      }
      boolean isSettled = meant.isPresent() && before == null;
      resolved.add(isSettled ? NodeWish.of(meant.get().toString(), one.applications()) : one);
    }
    List<Application> applications =
        wish.applications().stream().map(one -> resolve(one, problems)).toList();
    return new Resolved(
        new Deployment(applications, resolved), problems.stream().distinct().toList());
  }

  private Application resolve(Application application, List<String> problems) {
    List<MountedVolume> volumes =
        application.volumes().stream()
            .map(volume ->
                volume
                    .replication()
                    .map(policy -> volume.replicated(resolve(policy, problems)))
                    .orElse(volume))
            .toList();
    return application.with().volumes(volumes).build();
  }

  private WishedPolicy resolve(WishedPolicy policy, List<String> problems) {
    List<String> peers =
        policy.peers().stream()
            .map(peer -> meant(peer, problems).map(NodeId::toString).orElse(peer))
            .toList();
    return new WishedPolicy(peers, policy.terms());
  }

  /** The only node that is meant; empty, with a problem more, if there is none or another one. */
  private Optional<NodeId> meant(String text, List<String> problems) {
    NodeWish wish = NodeWish.of(text, List.of());
    List<NodeId> meant =
        nodes.stream()
            .filter(node ->
                node.name().equalsIgnoreCase(text) || wish.isFor(node.id(), node.addresses()))
            .map(ClusterNode::id)
            .toList();
    if (meant.size() == 1) {
      return Optional.of(meant.getFirst());
    }
    problems.add(meant.isEmpty() ? unknown(text) : "node " + text + " is several: " + list(meant));
    return Optional.empty();
  }

  private String unknown(String text) {
    String known =
        nodes.stream()
            .map(node -> node.name() + " (" + node.id() + ")")
            .collect(Collectors.joining(", "));
    return "node %s is none of the cluster's, which are %s; tell a node with flocker peer add"
        .formatted(text, known);
  }

  private static String list(List<NodeId> ids) {
    return ids.stream().map(NodeId::toString).collect(Collectors.joining(", "))
        + "; name it by its uuid";
  }
}
