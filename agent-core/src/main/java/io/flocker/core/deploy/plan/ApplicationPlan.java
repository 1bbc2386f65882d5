package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.plan.Change.PrepareApplication;
import io.flocker.core.deploy.plan.Change.RestartApplication;
import io.flocker.core.deploy.plan.Change.StartApplication;
import io.flocker.core.deploy.plan.Change.StopApplication;
import io.flocker.core.deploy.plan.Places.Placed;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.volume.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which applications are stopped, started and restarted. One is stopped if it is not wished here,
 * unless it {@linkplain Departures#goesOnHere goes on} for now, or if what it writes is not this
 * node's any more, or leaves. One is restarted once, for all the reasons that there are.
 */
final class ApplicationPlan {
  private final Situation situation;
  private final Departures departures;
  private final VolumePlan volumes;
  private final Draft draft;

  /** What is to run here and does not, or not as it should, and why. */
  private final SortedMap<String, List<Reason>> due = new TreeMap<>();

  private final Map<String, List<Reason>> stops = new HashMap<>();

  ApplicationPlan(Situation situation, Departures departures, VolumePlan volumes, Draft draft) {
    this.situation = situation;
    this.departures = departures;
    this.volumes = volumes;
    this.draft = draft;
  }

  /** Adds all to the draft. */
  void plan() {
    if (situation.isEngineAway()) {
      draft.add(
          new Obstacle(
              Obstacle.Kind.ENGINE_UNKNOWN,
              Subject.NODE,
              "the container engine is away: applications stay as they are"));
      for (Placed placed : situation.places().all()) {
        if (placed.place() instanceof Place.Here) {
          String name = placed.application().name();
          draft.add(
              new Obstacle(
                  Obstacle.Kind.ENGINE_UNKNOWN,
                  Subject.application(name),
                  "nobody knows whether " + name + " runs: the container engine is away"));
        }
      }
      return;
    }
    situation.containers().forEach(this::judge);
    for (Placed placed : situation.places().all()) {
      String name = placed.application().name();
      if (placed.place() instanceof Place.Here
          && situation.container(name).isEmpty()
          && !situation.isUnknown(name)) {
        due(name, new Reason(Reason.Kind.WISHED, "it shall run here, and is not there"));
      }
    }
    situation.containers().forEach(this::freePorts);
    situation
        .containers()
        .forEach(container -> {
          List<Reason> reasons = stops.get(container.application());
          if (reasons != null) {
            draft.add(Phase.STOP, stop(container, reasons));
          }
        });
    begin();
  }

  /** What a container gives reason for. */
  private void judge(Container container) {
    String name = container.application();
    Optional<Placed> placed = situation.places().of(name);
    boolean isAlive = container.state().isAlive();
    if (placed.isEmpty()) {
      stop(name, new Reason(Reason.Kind.NOT_WISHED, "no node shall run it"));
    } else if (placed.get().place() instanceof Place.At(KnownPeer peer)
        && peer.isReachable()
        && !departures.goesOnHere(name)) {
      Reason moves = new Reason(Reason.Kind.MOVES, "node " + peer.node() + " shall run it");
      stop(name, moves);
      if (isAlive) {
        draft.add(Phase.PREPARE, prepare(placed.get().application(), peer, moves));
      }
    } else if (placed.get().place() instanceof Place.Here) {
      judge(placed.get().application(), container);
    }
    if (isAlive) {
      for (LocalVolume volume : situation.mounted(container)) {
        writable(name, volume);
      }
    }
  }

  private PrepareApplication prepare(Application application, KnownPeer peer, Reason moves) {
    return new PrepareApplication(
        application.name(), references(application), peer.node(), List.of(moves));
  }

  private List<VolumeReference> references(Application application) {
    return situation.volumes(application).stream().map(WishedVolume::reference).toList();
  }

  /** Nobody writes what this node does not own. */
  private void writable(String name, LocalVolume volume) {
    VolumeReference reference = situation.reference(volume);
    if (volume.role() != Role.OWNER) {
      stop(
          name,
          new Reason(
              Reason.Kind.VOLUME_LOST,
              "its volume %s is %s here".formatted(reference, volume.role())));
    } else if (departures.leaves(volume) && !stops.containsKey(name)) {
      stop(name, new Reason(Reason.Kind.VOLUME_LEAVES, "the volume " + reference + " leaves"));
    }
  }

  private void judge(Application application, Container container) {
    String name = application.name();
    reasons(application, container).forEach(reason -> due(name, reason));
    RestartDecision decision =
        RestartDecision.of(
            application.restartPolicy(),
            container.state(),
            situation.discovery().runs().getOrDefault(name, Run.FIRST),
            situation.wish().accepted());
    boolean isAlive = container.state().isAlive();
    switch (decision.verdict()) {
      case RUNS, DONE -> {}
      case RESTART ->
          due(
              name,
              new Reason(
                  isAlive ? Reason.Kind.UNHEALTHY : Reason.Kind.NOT_RUNNING, decision.text()));
      case LEFT -> {
        if (!due.containsKey(name)) {
          draft.add(
              new Obstacle(
                  isAlive ? Obstacle.Kind.UNHEALTHY : Obstacle.Kind.ENDED,
                  Subject.application(name),
                  name + " is left as it is: " + decision.text()));
        }
      }
    }
  }

  /** Why a container is not the one that would be made now. */
  private List<Reason> reasons(Application application, Container container) {
    List<Reason> reasons = new ArrayList<>();
    Application found = container.definition().application();
    if (found.needsRestart(application)) {
      for (String part : found.restartReasons(application)) {
        reasons.add(new Reason(Reason.Kind.DEFINITION, "change of " + words(part)));
      }
    }
    application
        .volumes()
        .forEach(mounted ->
            situation
                .volume(mounted)
                .sighting()
                .local()
                .filter(LocalVolume::isUsable)
                .filter(local -> {
                  var before = container.definition().folders().get(mounted.mountpoint());
                  return before != null && !before.equals(local.folder());
                })
                .ifPresent(local ->
                    reasons.add(
                        new Reason(
                            Reason.Kind.FOLDER,
                            "its volume %s is in %s now"
                                .formatted(mounted.name(), local.folder())))));
    String host = situation.discovery().linkHost();
    if (!application.links().isEmpty() && !container.definition().linkHost().equals(host)) {
      reasons.add(new Reason(Reason.Kind.LINK_HOST, "its links lead to " + host + " now"));
    }
    if (container.restartsByItself()) {
      reasons.add(
          new Reason(
              Reason.Kind.ENGINE_POLICY, "somebody told the engine to restart it by itself"));
    }
    return reasons;
  }

  /** Who shall have a port that another one has still waits until that one was stopped. */
  private void freePorts(Container container) {
    String name = container.application();
    if (!due.containsKey(name) || !container.state().isAlive()) {
      return;
    }
    Set<ExternalPort> taken = new HashSet<>(Ports.of(container.definition().application()));
    for (String other : due.keySet()) {
      if (!other.equals(name) && Ports.of(application(other)).stream().anyMatch(taken::contains)) {
        stop(
            name,
            new Reason(Reason.Kind.DEFINITION, "its ports change, of which " + other + " has one"));
      }
    }
  }

  private StopApplication stop(Container container, List<Reason> reasons) {
    Application made = container.definition().application();
    List<VolumeReference> used =
        Stream.concat(
                situation.mounted(container).stream().map(situation::reference),
                situation.places().of(container.application()).stream()
                    .flatMap(placed -> situation.volumes(placed.application()).stream())
                    .map(WishedVolume::reference))
            .distinct()
            .toList();
    return new StopApplication(container.application(), used, Ports.of(made), reasons);
  }

  /** Starts and restarts what is due, but for what cannot have its volumes or has to wait. */
  private void begin() {
    Set<String> held = new HashSet<>();
    situation.unknown().stream().map(UnknownContainer::application).forEach(held::add);
    for (String name : due.keySet()) {
      if (!hasClearVolumes(application(name))) {
        held.add(name);
        draft.add(
            new Obstacle(
                situation.isPoolAway()
                    ? Obstacle.Kind.VOLUMES_UNKNOWN
                    : Obstacle.Kind.VOLUME_AMBIGUOUS,
                Subject.application(name),
                name + " does not start: nobody knows which volume it shall have"));
      }
    }
    while (hold(held)) {
      // Who starts after one that is held is held too.
    }
    due.forEach((name, reasons) -> {
      if (held.contains(name)) {
        return;
      }
      Application application = application(name);
      List<VolumeReference> references = references(application);
      draft.add(
          Phase.START,
          situation.container(name).isPresent() && !stops.containsKey(name)
              ? new RestartApplication(application, references, reasons)
              : new StartApplication(application, references, reasons));
    });
  }

  private boolean hasClearVolumes(Application application) {
    return situation.volumes(application).stream().allMatch(volumes::isClear);
  }

  /** Whether something more is held, since it starts after what is held. */
  private boolean hold(Set<String> held) {
    int before = held.size();
    for (String name : due.keySet()) {
      if (held.contains(name) || situation.isAlive(name)) {
        continue;
      }
      for (String earlier : application(name).startsAfter()) {
        if (held.contains(earlier) && !situation.isAlive(earlier) && held.add(name)) {
          draft.add(
              new Obstacle(
                  Obstacle.Kind.STARTS_LATER,
                  Subject.application(name),
                  name + " starts after " + earlier + ", which cannot start"));
        }
      }
    }
    return held.size() > before;
  }

  private void due(String name, Reason reason) {
    due.computeIfAbsent(name, _ -> new ArrayList<>()).add(reason);
  }

  private void stop(String name, Reason reason) {
    stops.computeIfAbsent(name, _ -> new ArrayList<>()).add(reason);
    if (situation.places().of(name).map(Placed::place).orElse(null) instanceof Place.Here) {
      due(name, reason);
    }
  }

  private Application application(String name) {
    return situation.places().of(name).map(Placed::application).orElseThrow();
  }

  /** The name of a part as people write it: {@code healthCheck} is a health check. */
  private static String words(String part) {
    return part.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
