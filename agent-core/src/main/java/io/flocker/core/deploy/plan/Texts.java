package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.route.Routing;
import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Parts of sentences. */
final class Texts {
  /** How many of a kind are named; nobody reads more. */
  private static final int NAMED = 10;

  private Texts() {}

  static String list(Collection<?> all) {
    String named =
        all.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "));
    return all.size() <= NAMED ? named : named + " and " + (all.size() - NAMED) + " more";
  }

  static String because(List<Reason> reasons) {
    return ": " + reasons.stream().map(Reason::text).collect(Collectors.joining("; "));
  }

  static List<Reason> sorted(List<Reason> reasons) {
    return reasons.stream().sorted().toList();
  }

  /** Which nodes hold a volume from then on, and what else is said otherwise. */
  static String replication(VolumeReference volume, Policy policy, List<String> differing) {
    String nodes =
        policy.wantsCopies() ? "to " + nodes(policy.peers()) : "to no node, whatever held before";
    List<String> others = differing.stream().filter(name -> !name.equals("peers")).toList();
    return "replicate "
        + volume
        + " "
        + nodes
        + (others.isEmpty() ? "" : "; anew: " + list(others));
  }

  private static String nodes(List<NodeId> nodes) {
    return (nodes.size() == 1 ? "node " : "nodes ") + list(nodes);
  }

  /** What becomes of the routes and open ports. */
  static String routing(Routing from, Routing to) {
    List<String> parts = new ArrayList<>();
    add(parts, "lead ", rest(to.routes(), from.routes()));
    add(parts, "lead no longer ", rest(from.routes(), to.routes()));
    add(parts, "open ", rest(to.open(), from.open()));
    add(parts, "close ", rest(from.open(), to.open()));
    return parts.isEmpty() ? "put the routes right that others changed" : String.join("; ", parts);
  }

  private static void add(List<String> parts, String verb, Collection<?> all) {
    if (!all.isEmpty()) {
      parts.add(verb + list(all));
    }
  }

  private static <T> Collection<T> rest(Collection<T> all, Collection<T> others) {
    Collection<T> rest = new TreeSet<>(all);
    rest.removeAll(others);
    return rest;
  }
}
