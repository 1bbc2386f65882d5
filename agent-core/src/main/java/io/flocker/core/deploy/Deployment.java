package io.flocker.core.deploy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The whole cluster's wish: what there is to run, and which node runs what. Every node is given the
 * same one, and does its own part.
 *
 * @param applications by name; those that no node runs are defined, and no more
 * @param nodes by node; on a node that is not among them nothing of ours shall run
 */
public record Deployment(List<Application> applications, List<NodeWish> nodes) {
  /** Nothing, on no node. */
  public static final Deployment EMPTY = new Deployment(List.of(), List.of());

  public Deployment {
    applications =
        applications == null
            ? List.of()
            : applications.stream().sorted(Comparator.comparing(Application::name)).toList();
    nodes = Copies.sortedList(nodes);
    List<Contradiction> contradictions = Contradiction.in(applications, nodes);
    if (!contradictions.isEmpty()) {
      throw new IllegalArgumentException(
          contradictions.stream().map(Contradiction::toString).collect(Collectors.joining("; ")));
    }
  }

  /** The application of that name. */
  public Optional<Application> application(String name) {
    return applications.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** What a node's wish names. */
  public List<Application> applications(NodeWish wish) {
    return applications.stream().filter(one -> wish.applications().contains(one.name())).toList();
  }

  /** What runs somewhere. */
  public List<Application> placed() {
    Collection<String> names =
        nodes.stream().flatMap(wish -> wish.applications().stream()).collect(Collectors.toSet());
    return applications.stream().filter(one -> names.contains(one.name())).toList();
  }
}
