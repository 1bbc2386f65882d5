package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.plan.Obstacle.Kind;
import io.flocker.core.deploy.plan.Places.Placed;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.MountStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What leaves this node, and what has to stay for now. An application goes with its volumes or not
 * at all: it is not stopped before everything that has to be there for it elsewhere can be, and a
 * volume does not leave while an application that goes on here uses it.
 */
final class Departures {
  /** A volume of this node's that another node shall have. */
  record Leaving(WishedVolume volume, LocalVolume local, KnownPeer to) {}

  private final Situation situation;
  private final Map<VolumeId, Leaving> leaving = new LinkedHashMap<>();
  private final Map<VolumeId, Obstacle> stayingVolumes = new HashMap<>();
  private final SortedMap<String, Obstacle> stayingApplications = new TreeMap<>();

  Departures(Situation situation) {
    this.situation = situation;
    for (WishedVolume volume : situation.volumes()) {
      if (volume.place() instanceof Place.At(KnownPeer to) && volume.sighting().isOwnedHere()) {
        volume
            .sighting()
            .local()
            .ifPresent(local -> leaving.putIfAbsent(local.id(), new Leaving(volume, local, to)));
      }
    }
    for (Leaving one : leaving.values()) {
      hindrance(one).ifPresent(obstacle -> stayingVolumes.put(one.local().id(), obstacle));
    }
    for (Container container : situation.containers()) {
      hindrance(container)
          .ifPresent(obstacle -> stayingApplications.put(container.application(), obstacle));
    }
    for (UnknownContainer container : situation.unknown()) {
      String name = container.application();
      stayingApplications.put(name, unknown(container));
      keepVolumes(name, situation.mounted(container));
    }
    while (spread()) {
      // One that stays keeps others, until no more is kept.
    }
  }

  /** The volumes that leave now. */
  List<Leaving> volumes() {
    return leaving.values().stream()
        .filter(one -> !stayingVolumes.containsKey(one.local().id()))
        .toList();
  }

  /** Whether a volume of this node's leaves it now. */
  boolean leaves(LocalVolume volume) {
    return leaving.containsKey(volume.id()) && !stayingVolumes.containsKey(volume.id());
  }

  /**
   * Whether an application that runs here, and shall do so elsewhere, goes on here for now; so does
   * one of which nobody knows how it is, wherever it shall run.
   */
  boolean goesOnHere(String application) {
    return stayingApplications.containsKey(application);
  }

  /** Why what stays does. */
  List<Obstacle> obstacles() {
    Collection<Obstacle> volumes = stayingVolumes.values();
    Collection<Obstacle> applications = stayingApplications.values();
    return Stream.concat(volumes.stream(), applications.stream()).toList();
  }

  private Optional<Obstacle> hindrance(Leaving one) {
    VolumeReference volume = one.volume().reference();
    Optional<Obstacle> ambiguity =
        situation.ambiguity(one.volume()).or(() -> situation.namesake(one.volume()));
    if (ambiguity.isPresent()) {
      return ambiguity;
    }
    MountStatus mount = one.local().mount();
    if (!one.to().isReachable()) {
      return stays(Kind.NODE_UNREACHABLE, volume, unreachable(one.to()));
    }
    if (situation.isEngineAway()) {
      return stays(
          Kind.STAYS, volume, "while the container engine is away nobody knows who uses it");
    }
    if (!one.local().isUsable()) {
      return stays(
          Kind.STAYS,
          volume,
          "it is not mounted (%s%s)"
              .formatted(mount.state(), mount.reason().map(text -> ": " + text).orElse("")));
    }
    return Optional.empty();
  }

  /** Why an application that runs here cannot leave, its volumes aside. */
  private Optional<Obstacle> hindrance(Container container) {
    Optional<Placed> placed = situation.places().of(container.application());
    if (placed.isEmpty() || !container.state().isAlive()) {
      return Optional.empty();
    }
    return switch (placed.get().place()) {
      case Place.Here() -> Optional.empty();
      case Place.At(KnownPeer peer) when !peer.isReachable() ->
          stays(Kind.NODE_UNREACHABLE, container, unreachable(peer));
      case Place.At _ ->
          situation.isPoolAway() && !placed.get().application().volumes().isEmpty()
              ? stays(Kind.STAYS, container, "the pool is away, and with it its volumes")
              : Optional.empty();
      case Place.Unknown(Kind kind, String text) -> stays(kind, container, "it " + text);
    };
  }

  /** Whether something more was found to stay. */
  private boolean spread() {
    int before = stayingVolumes.size() + stayingApplications.size();
    for (Container container : situation.containers()) {
      if (container.state().isAlive()) {
        spread(container);
      }
    }
    return stayingVolumes.size() + stayingApplications.size() > before;
  }

  private void spread(Container container) {
    String name = container.application();
    if (goesOnHere(name)) {
      keepVolumes(name, situation.mounted(container));
      return;
    }
    situation
        .places()
        .of(name)
        .filter(placed -> placed.place() instanceof Place.At)
        .flatMap(placed -> firstStaying(placed.application()))
        .flatMap(volume -> stays(Kind.STAYS, container, "its volume " + volume + " stays"))
        .ifPresent(obstacle -> stayingApplications.put(name, obstacle));
  }

  private void keepVolumes(String name, List<LocalVolume> used) {
    for (LocalVolume volume : used) {
      if (leaves(volume)) {
        stays(
                Kind.STAYS,
                situation.reference(volume),
                "application " + name + " uses it, and goes on here")
            .ifPresent(obstacle -> stayingVolumes.put(volume.id(), obstacle));
      }
    }
  }

  private Optional<VolumeReference> firstStaying(Application application) {
    return situation.volumes(application).stream()
        .filter(volume -> volume.sighting().id().map(stayingVolumes::containsKey).orElse(false))
        .map(WishedVolume::reference)
        .findFirst();
  }

  private static String unreachable(KnownPeer peer) {
    return "node " + peer.node() + ", which shall have it, does not answer";
  }

  private static Obstacle unknown(UnknownContainer container) {
    String name = container.application();
    return new Obstacle(
        Kind.CONTAINER_UNKNOWN,
        Subject.application(name),
        "%s stays as it is until its container can be looked at: %s"
            .formatted(name, container.failure().detail()));
  }

  private static Optional<Obstacle> stays(Kind kind, VolumeReference volume, String why) {
    return Optional.of(
        new Obstacle(kind, volume.subject(), volume + " stays here for now: " + why));
  }

  private static Optional<Obstacle> stays(Kind kind, Container container, String why) {
    return Optional.of(
        new Obstacle(
            kind,
            Subject.application(container.application()),
            container.application() + " goes on here for now: " + why));
  }
}
