package io.flocker.transfer.deploy;

import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks;
import java.util.Optional;

/**
 * Says for the cluster's wish which peers hold the volumes of {@code node}. Any thread; blocks.
 *
 * @param hooks knows what a policy can have run here
 */
public record WishedPolicies(NodeVolumes node, Policies policies, SnapshotHooks hooks) {
  /**
   * Says it of one volume; nothing takes away what a user said.
   *
   * @throws FailureException {@code PEER_UNKNOWN}, {@code HOOK_UNKNOWN}, {@code VOLUME_NOT_FOUND},
   *     {@code NOT_OWNER}, {@code VOLUME_LOCKED}
   */
  void replicate(VolumeReference volume, Optional<Policy> policy) throws FailureException {
    if (policy.isPresent()) {
      for (NodeId peer : policy.get().peers()) {
        Peer _ = node.memory().peers().requireOther(peer);
      }
      hooks.requireKnown(policy.get());
    }
    VolumeId id = id(volume);
    try (VolumeLocks.Lease _ = node.locks().share(id, "replication policy")) {
      Volume _ = node.catalog().requireOwned(id); // Locked: no handoff can take the old one along.
      if (policy.isPresent()) {
        policies.set(id, Optional.of(new OwnPolicy(policy.get(), true)));
      } else {
        policies.unwish(id);
      }
    }
  }

  private VolumeId id(VolumeReference volume) throws FailureException {
    if (volume.id().isPresent()) {
      return volume.id().get();
    }
    return node.catalog()
        .find(node.self(), volume.name())
        .map(Volume::id)
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("there is no " + volume + " here"));
  }
}
