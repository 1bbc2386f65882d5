package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.deploy.plan.Change.DropPolicy;
import io.flocker.core.deploy.plan.Change.ReplicateVolume;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has to be said of the replication of this node's volumes. Of one that leaves nothing: what
 * is said of it goes along, and its next owner says the rest.
 */
final class PolicyPlan {
  private final Situation situation;
  private final Departures departures;
  private final Draft draft;

  PolicyPlan(Situation situation, Departures departures, Draft draft) {
    this.situation = situation;
    this.departures = departures;
    this.draft = draft;
  }

  /** Adds all to the draft. */
  void plan() {
    if (situation.isPoolAway()) {
      return; // That is told of the volumes.
    }
    Map<VolumeId, Set<WishedPolicy>> contradicting = wishes();
    contradicting.values().removeIf(wishes -> wishes.size() == 1);
    for (WishedVolume volume : situation.volumes()) {
      Optional<WishedPolicy> wished = volume.wish().replication();
      if (wished.isPresent() && isToBeSaid(volume)) {
        if (volume.reference().id().filter(contradicting::containsKey).isPresent()) {
          hinder(
              Obstacle.Kind.VOLUME_AMBIGUOUS,
              volume,
              "is named by its name and by its id, with one replication here and another one"
                  + " there");
        } else {
          resolved(volume, wished.get()).ifPresent(policy -> say(volume, policy));
        }
      }
    }
    situation
        .discovery()
        .policies()
        .forEach((id, said) -> {
          if (said.isWished()) {
            situation.discovery().volumes().orElse(List.of()).stream()
                .filter(local -> local.id().equals(id) && stays(local) && !isNamed(local))
                .forEach(local ->
                    draft.add(Phase.REPLICATE, new DropPolicy(situation.reference(local))));
          }
        });
  }

  /** Volumes that are here, by whatever they are named, and all that is wished of each. */
  private Map<VolumeId, Set<WishedPolicy>> wishes() {
    Map<VolumeId, Set<WishedPolicy>> wishes = new HashMap<>();
    for (WishedVolume volume : situation.volumes()) {
      volume
          .reference()
          .id()
          .ifPresent(id ->
              volume
                  .wish()
                  .replication()
                  .ifPresent(
                      policy -> wishes.computeIfAbsent(id, _ -> new HashSet<>()).add(policy)));
    }
    return wishes;
  }

  /** Of a volume that stays here, or is made here. */
  private boolean isToBeSaid(WishedVolume volume) {
    if (situation.ambiguity(volume).isPresent()) {
      return false;
    }
    Sighting sighting = volume.sighting();
    return sighting.local().isPresent()
        ? stays(sighting.local().get())
        : volume.place() instanceof Place.Here && sighting.owner().isEmpty();
  }

  private boolean stays(LocalVolume local) {
    return local.role() == Role.OWNER
        && local.mount().state() != MountStatus.State.UNCONFIRMED
        && !departures.leaves(local);
  }

  /** Whether the wish says something of it, be it of an application that runs nowhere. */
  private boolean isNamed(LocalVolume local) {
    return situation.wish().deployment().applications().stream()
        .flatMap(application -> application.volumes().stream())
        .filter(mounted -> mounted.replication().isPresent())
        .anyMatch(mounted ->
            mounted.id().map(local.id()::equals).orElse(mounted.name().equals(local.name())));
  }

  /** With the nodes that are meant; empty where it is not clear which, which is an obstacle. */
  private Optional<Policy> resolved(WishedVolume volume, WishedPolicy wished) {
    Set<NodeId> others = new LinkedHashSet<>();
    boolean isClear = true;
    for (String name : wished.peers()) {
      switch (situation.places().named(name, "shall be held by ")) {
        case Place.Here() -> {}
        case Place.At(KnownPeer peer) -> others.add(peer.node());
        case Place.Unknown(Obstacle.Kind kind, String text) -> {
          hinder(kind, volume, text);
          isClear = false;
        }
      }
    }
    if (isClear && others.isEmpty() && !wished.peers().isEmpty()) {
      hinder(
          Obstacle.Kind.NO_OTHER_NODE,
          volume,
          "shall be held by this node, which owns it, and by no other: name another one, too");
      isClear = false;
    }
    return isClear ? Optional.of(wished.terms().at(List.copyOf(others))) : Optional.empty();
  }

  private void hinder(Obstacle.Kind kind, WishedVolume volume, String text) {
    VolumeReference reference = volume.reference();
    draft.add(new Obstacle(kind, Subject.replication(reference.name()), reference + " " + text));
  }

  private void say(WishedVolume volume, Policy policy) {
    Map<VolumeId, OwnPolicy> said = situation.discovery().policies();
    Policy nothing = Policy.to(List.of());
    Optional<Policy> before = volume.reference().id().map(said::get).map(OwnPolicy::policy);
    List<String> differing = policy.differences(before.orElse(nothing));
    if (before.isEmpty() || !differing.isEmpty()) {
      draft.add(Phase.REPLICATE, new ReplicateVolume(volume.reference(), policy, differing));
    }
  }
}
