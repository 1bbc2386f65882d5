package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.engine.UnknownContainer.Processes;
import io.flocker.core.deploy.plan.Places.Placed;
import io.flocker.core.id.VolumeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Wish and discovery beside each other: what the rules of all concerns look at. Immutable. */
final class Situation {
  private final Wish wish;
  private final Discovery discovery;
  private final Places places;
  private final VolumeSearch search;
  private final SortedMap<String, WishedVolume> volumes = new TreeMap<>();
  private final Map<VolumeId, WishedVolume> wishedById = new HashMap<>();
  private final Set<VolumeId> wishedOnTwoNodes = new HashSet<>();
  private final SortedMap<String, Container> containers = new TreeMap<>();
  private final List<UnknownContainer> unknown;

  Situation(Wish wish, Discovery discovery) {
    this.wish = wish;
    this.discovery = discovery;
    places = new Places(wish.deployment(), discovery);
    search = new VolumeSearch(discovery.volumes().orElse(List.of()), discovery.peers());
    for (Placed placed : places.all()) {
      for (MountedVolume volume : placed.application().volumes()) {
        note(volume, placed.place());
      }
    }
    Containers found = discovery.containers().orElse(Containers.NONE);
    unknown = found.unknown();
    for (Container container : found.known()) {
      if (!isUnknown(container.application())) {
        containers.putIfAbsent(container.application(), container);
      }
    }
  }

  private void note(MountedVolume mounted, Place place) {
    if (volumes.containsKey(mounted.identity())) {
      return;
    }
    Sighting sighting = search.find(mounted);
    VolumeReference reference = new VolumeReference(mounted.name(), mounted.id().or(sighting::id));
    WishedVolume volume = new WishedVolume(mounted, place, sighting, reference);
    volumes.put(mounted.identity(), volume);
    sighting
        .id()
        .ifPresent(id -> {
          WishedVolume other = wishedById.putIfAbsent(id, volume);
          if (other != null && !other.place().equals(place)) {
            wishedOnTwoNodes.add(id);
          }
        });
  }

  Wish wish() {
    return wish;
  }

  Discovery discovery() {
    return discovery;
  }

  Places places() {
    return places;
  }

  /** Ours that are known, by application; none while {@link #isEngineAway}. */
  Collection<Container> containers() {
    return containers.values();
  }

  /** The container of an application. */
  Optional<Container> container(String application) {
    return Optional.ofNullable(containers.get(application));
  }

  /** Ours of which nothing more is known. */
  List<UnknownContainer> unknown() {
    return unknown;
  }

  /** Whether an application has a container of which nothing more is known. */
  boolean isUnknown(String application) {
    return unknown.stream().anyMatch(one -> one.application().equals(application));
  }

  /** Whether an application runs here, for all that is known; no while {@link #isEngineAway}. */
  boolean isAlive(String application) {
    return container(application).map(one -> one.state().isAlive()).orElse(false)
        || unknown.stream()
            .anyMatch(
                one -> one.application().equals(application) && one.processes() == Processes.SOME);
  }

  /** Whether it does, or may. */
  boolean mayRun(String application) {
    return isAlive(application)
        || unknown.stream()
            .anyMatch(one ->
                one.application().equals(application) && one.processes() == Processes.PERHAPS);
  }

  boolean isEngineAway() {
    return discovery.containers().isEmpty();
  }

  boolean isPoolAway() {
    return discovery.volumes().isEmpty();
  }

  /** What the wish names, each once. */
  Collection<WishedVolume> volumes() {
    return volumes.values();
  }

  /** One that the wish names. */
  WishedVolume volume(MountedVolume mounted) {
    WishedVolume volume = volumes.get(mounted.identity());
    if (volume == null) {
      throw new IllegalArgumentException("no application that runs mounts " + mounted.identity());
    }
    return volume;
  }

  /** The wish for an application's volumes. */
  List<WishedVolume> volumes(Application placed) {
    return placed.volumes().stream().map(this::volume).distinct().toList();
  }

  /** The volumes of this node that a container was made with. */
  List<LocalVolume> mounted(Container container) {
    return local(container.definition().application().volumes());
  }

  /** The same of one of which no more is known. */
  List<LocalVolume> mounted(UnknownContainer container) {
    return local(container.volumes());
  }

  private List<LocalVolume> local(List<MountedVolume> mounted) {
    return mounted.stream().flatMap(volume -> search.local(volume).stream()).toList();
  }

  /** What the wish calls a volume of this node, or else what it is called. */
  VolumeReference reference(LocalVolume volume) {
    WishedVolume wished = wishedById.get(volume.id());
    return wished == null
        ? new VolumeReference(volume.name(), Optional.of(volume.id()))
        : wished.reference();
  }

  /** Why nobody can say what is to become of a volume; empty if that is clear. */
  Optional<Obstacle> ambiguity(WishedVolume volume) {
    Sighting sighting = volume.sighting();
    String text;
    if (sighting.isAmbiguous()) {
      text =
          "%s is the name of several volumes, so name the one that is meant by its id: %s"
              .formatted(volume.reference(), Texts.list(sighting.rivals()));
    } else if (sighting.id().map(wishedOnTwoNodes::contains).orElse(false)) {
      text = "%s is wished on two nodes, by its name and by its id".formatted(volume.reference());
    } else {
      return Optional.empty();
    }
    return Optional.of(
        new Obstacle(Obstacle.Kind.VOLUME_AMBIGUOUS, volume.reference().subject(), text));
  }

  /** Who else owns a volume of the same name, so that the two cannot come together. */
  Optional<Obstacle> namesake(WishedVolume leaving) {
    return leaving
        .sighting()
        .local()
        .flatMap(search::ownerOfNamesake)
        .map(node ->
            new Obstacle(
                Obstacle.Kind.VOLUME_AMBIGUOUS,
                leaving.reference().subject(),
                "%s stays here: node %s owns another volume of that name"
                    .formatted(leaving.reference(), node)));
  }
}
