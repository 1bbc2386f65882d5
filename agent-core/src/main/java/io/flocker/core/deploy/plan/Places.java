package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where each application shall run. A node is meant that has the uuid, name or address that the
 * wish says, if there is one such node: of two that share an address each would take itself for it,
 * and both would run the application.
 */
final class Places {
  /** An application that shall run somewhere. */
  record Placed(Application application, Place place) {}

  private final SortedMap<String, Placed> byName = new TreeMap<>();
  private final Discovery discovery;

  Places(Deployment wish, Discovery discovery) {
    this.discovery = discovery;
    Map<String, Application> applications = new HashMap<>();
    wish.applications().forEach(one -> applications.put(one.name(), one));
    for (NodeWish node : wish.nodes()) {
      Place place = place(node, "shall run on ", discovery);
      for (String name : node.applications()) {
        Application application = applications.get(name);
        if (application != null) {
          byName.put(name, new Placed(application, place));
        }
      }
    }
  }

  /** All that shall run somewhere, by name. */
  Collection<Placed> all() {
    return byName.values();
  }

  /** Where one shall run; empty if nowhere. */
  Optional<Placed> of(String application) {
    return Optional.ofNullable(byName.get(application));
  }

  /**
   * Which node the wish calls so.
   *
   * @param verb what the text of an unknown one begins with
   */
  Place named(String node, String verb) {
    return place(NodeWish.of(node, List.of()), verb, discovery);
  }

  private static Place place(NodeWish wish, String verb, Discovery discovery) {
    List<Place> meant = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (wish.isFor(discovery.self(), discovery.addresses())) {
      meant.add(new Place.Here());
      names.add(discovery.self().toString());
    }
    for (KnownPeer peer : discovery.peers()) {
      if (wish.isFor(peer.node(), peer.addresses())) {
        meant.add(new Place.At(peer));
        names.add(peer.node().toString());
      }
    }
    if (meant.isEmpty()) {
      return new Place.Unknown(
          Obstacle.Kind.NODE_UNKNOWN,
          verb
              + wish.node()
              + ", which is neither this node nor a peer of it: tell it with flocker peer add");
    }
    if (meant.size() > 1) {
      return new Place.Unknown(
          Obstacle.Kind.NODE_AMBIGUOUS,
          verb
              + wish.node()
              + ", by which several nodes are known, so name it by its uuid: "
              + Texts.list(names));
    }
    return meant.getFirst();
  }
}
