package io.flocker.core.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Something that parts of a wish do not agree in.
 *
 * @param application the one that has it, if it is about one
 * @param node the one that has it, as the wish names it, if it is about one
 * @param text what is wrong, a sentence without its subject
 */
public record Contradiction(Optional<String> application, Optional<String> node, String text) {
  /** All that a wish of these parts would have. */
  public static List<Contradiction> in(
      Collection<Application> applications, Collection<NodeWish> nodes) {
    List<Contradiction> found = new ArrayList<>();
    Map<String, Application> byName = new LinkedHashMap<>();
    for (Application application : applications) {
      if (byName.putIfAbsent(application.name(), application) != null) {
        found.add(of(application, "is there twice"));
      }
    }
    Map<String, String> places = places(byName.keySet(), nodes, found);
    List<Application> placed =
        byName.values().stream().filter(one -> places.containsKey(one.name())).toList();
    sharedPorts(placed, found);
    sharedVolumes(placed, places, found);
    starts(byName, found);
    return found;
  }

  /** Where each application runs. */
  private static Map<String, String> places(
      Set<String> names, Collection<NodeWish> nodes, List<Contradiction> found) {
    Map<String, String> places = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (NodeWish wish : nodes) {
      if (!seen.add(wish.node())) {
        found.add(of(wish, "is there twice"));
      }
      for (String name : wish.applications()) {
        if (!names.contains(name)) {
          found.add(of(wish, "names the application " + name + ", which is not there"));
          continue;
        }
        String other = places.putIfAbsent(name, wish.node());
        if (other != null) {
          found.add(of(wish, "names the application " + name + ", which is on " + other + " too"));
        }
      }
    }
    return places;
  }

  /** Every external port leads to one application, on whatever node it is asked for. */
  private static void sharedPorts(List<Application> placed, List<Contradiction> found) {
    Map<String, String> takers = new HashMap<>();
    for (Application application : placed) {
      for (Port port : application.ports()) {
        String other = takers.putIfAbsent(port.externalText(), application.name());
        if (other != null) {
          found.add(
              of(application, "has the external port " + port.externalText() + ", as " + other));
        }
      }
    }
  }

  /** A volume has one owner, so that all who mount it are on one node. */
  private static void sharedVolumes(
      List<Application> placed, Map<String, String> places, List<Contradiction> found) {
    Map<String, Application> users = new HashMap<>();
    Map<String, MountedVolume> volumes = new HashMap<>();
    for (Application application : placed) {
      for (MountedVolume volume : application.volumes()) {
        Application other = users.putIfAbsent(volume.identity(), application);
        MountedVolume before = volumes.putIfAbsent(volume.identity(), volume);
        if (other == null || before == null) {
          continue;
        }
        String subject = "mounts the volume " + volume.identity();
        if (!Objects.equals(places.get(other.name()), places.get(application.name()))) {
          found.add(of(application, subject + ", as does " + other.name() + " on another node"));
        }
        if (!before.maximumSizeBytes().equals(volume.maximumSizeBytes())
            || !before.profile().equals(volume.profile())
            || !before.metadata().equals(volume.metadata())
            || !before.replication().equals(volume.replication())) {
          found.add(
              of(
                  application,
                  subject
                      + " with another size, profile, metadata or replication than "
                      + other.name()));
        }
      }
    }
  }

  private static void starts(Map<String, Application> byName, List<Contradiction> found) {
    for (Application application : byName.values()) {
      for (String earlier : application.startsAfter()) {
        if (!byName.containsKey(earlier)) {
          found.add(of(application, "starts after " + earlier + ", which is not there"));
        }
      }
    }
    for (String name : StartOrder.circles(byName)) {
      found.add(
          new Contradiction(
              Optional.of(name), Optional.empty(), "starts after itself, by way of others"));
    }
  }

  private static Contradiction of(Application application, String text) {
    return new Contradiction(Optional.of(application.name()), Optional.empty(), text);
  }

  private static Contradiction of(NodeWish wish, String text) {
    return new Contradiction(Optional.empty(), Optional.of(wish.node()), text);
  }

  /** A whole sentence. */
  @Override
  public String toString() {
    String subject =
        application.map(name -> "application " + name).orElseGet(() -> "node " + node.orElse("?"));
    return subject + " " + text;
  }
}
