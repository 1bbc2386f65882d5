package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.plan.Change.AwaitVolume;
import io.flocker.core.deploy.plan.Change.AwaitVolume.Cause;
import io.flocker.core.deploy.plan.Change.CreateVolume;
import io.flocker.core.deploy.plan.Change.HandOffVolume;
import io.flocker.core.deploy.plan.Change.PushVolume;
import io.flocker.core.deploy.plan.Change.ResizeVolume;
import io.flocker.core.deploy.plan.Departures.Leaving;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.MountStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What has to be done about volumes. Who owns a volume initiates its move, and who shall have it
 * waits; one that is nowhere is created where it is wished; none is ever destroyed, and one that
 * nobody wishes any more stays where it is.
 */
final class VolumePlan {
  private final Situation situation;
  private final Departures departures;
  private final Draft draft;
  private final Set<String> unclear = new HashSet<>();

  VolumePlan(Situation situation, Departures departures, Draft draft) {
    this.situation = situation;
    this.departures = departures;
    this.draft = draft;
  }

  /** Adds all to the draft. */
  void plan() {
    if (situation.isPoolAway()) {
      draft.add(
          new Obstacle(
              Obstacle.Kind.VOLUMES_UNKNOWN,
              Subject.NODE,
              "the pool is away: volumes stay as they are, and no application starts that has"
                  + " one"));
      for (WishedVolume volume : situation.volumes()) {
        if (volume.place() instanceof Place.Here) {
          draft.add(
              new Obstacle(
                  Obstacle.Kind.VOLUMES_UNKNOWN,
                  volume.reference().subject(),
                  "nobody knows what there is here of %s: the pool is away"
                      .formatted(volume.reference())));
        }
      }
      return;
    }
    for (WishedVolume volume : situation.volumes()) {
      if (volume.sighting().isOwnedHere()) {
        resize(volume);
      }
      if (volume.place() instanceof Place.Here) {
        bringHere(volume);
      }
    }
    for (Leaving leaving : departures.volumes()) {
      VolumeReference volume = leaving.volume().reference();
      draft.add(Phase.PUSH, new PushVolume(volume, leaving.to().node()));
      draft.add(Phase.HAND_OFF, new HandOffVolume(volume, leaving.to().node()));
    }
  }

  /** Whether it is known which volume an application shall have, so that it can come. */
  boolean isClear(WishedVolume volume) {
    return !situation.isPoolAway() && !unclear.contains(volume.wish().identity());
  }

  private void resize(WishedVolume volume) {
    volume
        .sighting()
        .local()
        .filter(local -> local.mount().state() != MountStatus.State.UNCONFIRMED)
        .ifPresent(local -> resize(Phase.RESIZE, volume, local.maximumSizeBytes()));
  }

  private void resize(Phase phase, WishedVolume volume, OptionalLong size) {
    OptionalLong wished = volume.wish().maximumSizeBytes();
    if (!size.equals(wished)) {
      draft.add(phase, new ResizeVolume(volume.reference(), size, wished));
    }
  }

  private void bringHere(WishedVolume volume) {
    Optional<Obstacle> ambiguity = situation.ambiguity(volume);
    if (ambiguity.isPresent()) {
      draft.add(ambiguity.get());
      unclear.add(volume.wish().identity());
      return;
    }
    Sighting sighting = volume.sighting();
    if (sighting.local().isPresent()) {
      if (!sighting.local().get().isUsable()) {
        await(volume, cause(sighting.local().get()));
      }
    } else if (sighting.owner().isPresent()) {
      await(volume, Cause.ELSEWHERE);
    } else {
      draft.add(Phase.CREATE, create(volume));
    }
  }

  private void await(WishedVolume volume, Cause cause) {
    Sighting sighting = volume.sighting();
    Optional<NodeId> from =
        sighting.owner().filter(owner -> !owner.equals(situation.discovery().self()));
    draft.add(Phase.AWAIT, new AwaitVolume(volume.reference(), cause, from));
    if (!sighting.isOwnedHere()) {
      resize(Phase.RESIZE_ARRIVED, volume, sighting.sizeBytes());
    }
  }

  private static Cause cause(LocalVolume local) {
    return switch (local.role()) {
      case OWNER ->
          local.mount().state() == MountStatus.State.UNCONFIRMED
              ? Cause.UNCONFIRMED
              : Cause.UNMOUNTED;
      case REPLICA -> Cause.ELSEWHERE;
      case RELEASED -> Cause.RELEASED;
      case CONTESTED -> Cause.CONTESTED;
      case SUPERSEDED -> Cause.SUPERSEDED;
    };
  }

  private CreateVolume create(WishedVolume volume) {
    MountedVolume wish = volume.wish();
    List<NodeId> unasked =
        situation.discovery().peers().stream()
            .filter(peer -> peer.volumes().isEmpty())
            .map(KnownPeer::node)
            .toList();
    return new CreateVolume(
        volume.reference(), wish.maximumSizeBytes(), wish.profile(), wish.metadata(), unasked);
  }
}
