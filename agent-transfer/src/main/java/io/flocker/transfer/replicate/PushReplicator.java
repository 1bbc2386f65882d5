package io.flocker.transfer.replicate;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.Replicator;
import io.flocker.core.replicate.SnapshotNeed;
import io.flocker.core.replicate.Verified;
import io.flocker.core.replicate.Wanted;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.push.Push;
import io.flocker.transfer.verify.Verification;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Brings copies up to date by pushes. */
public final class PushReplicator implements Replicator {
  private final VolumeCatalog catalog;
  private final Policies policies;
  private final Push push;
  private final Verification verification;
  private final Policies.Gone destroyed;

  /**
   * Brings copies of what is in {@code catalog} up to date.
   *
   * @param destroyed knows which volumes are gone because somebody wanted that
   */
  public PushReplicator(
      VolumeCatalog catalog,
      Policies policies,
      Push push,
      Verification verification,
      Policies.Gone destroyed) {
    this.destroyed = destroyed;
    this.verification = verification;
    this.catalog = catalog;
    this.policies = policies;
    this.push = push;
  }

  @Override
  public Map<VolumeId, Wanted> wanted() throws FailureException {
    Map<VolumeId, Wanted> wanted = new HashMap<>();
    Set<VolumeId> there = new HashSet<>();
    for (VolumeHead head : catalog.known()) {
      boolean _ = there.add(head.id());
      if (head.role() == Role.OWNER) {
        policies
            .of(head.id(), head.name())
            .filter(Policy::wantsCopies)
            .ifPresent(policy -> wanted.put(head.id(), new Wanted(head.name(), policy)));
      }
    }
    for (Map.Entry<VolumeId, OwnPolicy> own : policies.volumes().entrySet()) {
      VolumeId volume = own.getKey();
      Policy policy = own.getValue().policy();
      if (!there.contains(volume) && policy.wantsCopies() && !destroyed.isGone(volume)) {
        // No dataset bears its name any more: a daemon that has begun since knows only its id.
        VolumeName name = new VolumeName("unknown", volume.toString());
        wanted.put(volume, new Wanted(name, policy, false));
      }
    }
    return wanted;
  }

  @Override
  public Arrival push(
      Copy copy,
      Policy policy,
      SnapshotNeed need,
      Runnable leave,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    try {
      return replicate(copy, policy, need, leave, fanOut, context);
    } catch (FailureException e) {
      if (e.failure() == OwnershipFailure.VOLUME_NOT_FOUND
          && catalog.known(copy.volume()).isEmpty()) {
        throw e.failure()
            .because(
                "its volume is not in the pool any more: somebody has renamed or destroyed its"
                    + " dataset by hand, or the pool or the state folder is another than before")
            .told(
                "to get a dataset back that was renamed: the warnings of flocker status name it;"
                    + " if the volume was to go: DELETE /v1/volumes/"
                    + copy.volume()
                    + "/replication takes its policy away");
      }
      if (e.failure() == OwnershipFailure.PEER_UNKNOWN) {
        throw e.failure()
            .because("no peer of that id any more: " + copy.peer())
            .told(
                "to take it out of the volume's policy: flocker volume replicate, or PUT"
                    + " /v1/volumes/"
                    + copy.volume()
                    + "/replication");
      }
      if (policy.onDivergence() != OnDivergence.ROTATE || !Push.hasDiverged(e)) {
        throw e;
      }
      rotate(copy, e, leave, context);
    }
    // The others have gone on, and a first copy has nothing in common with what they are sent.
    return replicate(copy, policy, need, leave, FanOut.alone(), context);
  }

  @Override
  public Verified verify(Copy copy, OperationContext context) throws FailureException {
    return verification.verify(copy, context);
  }

  private Arrival replicate(
      Copy copy,
      Policy policy,
      SnapshotNeed need,
      Runnable leave,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    return push.replicate(copy, need, policy.history(), leave, fanOut, context);
  }

  private void rotate(Copy copy, FailureException why, Runnable leave, OperationContext context)
      throws FailureException {
    SetAsideAnswer aside;
    try {
      aside = push.rotate(copy, why, leave, context);
    } catch (FailureException e) {
      throw e.failure() == why.failure() ? e : e.with("divergence", why.detail());
    }
    Action.message(
        MessageType.COPY_ROTATED,
        Map.of(
            "volume", copy.volume().toString(),
            "peer", copy.peer().toString(),
            "aside", aside.name().toString(),
            "reason", why.detail()));
  }
}
