package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeLocks;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a plan does with volumes. Every method blocks until it is done, or has failed and left
 * things as they were; any thread may call, but for event loops.
 */
public interface VolumeMoves {
  /**
   * Makes a volume, owned and mounted here.
   *
   * @throws FailureException {@code VOLUME_EXISTS} naming the peer that has it, {@code
   *     PEERS_UNANSWERED} while one of those that were to be asked has not said that it has not
   */
  void create(Change.CreateVolume volume) throws FailureException;

  /**
   * Gives a volume of this node's another limit.
   *
   * @param toBytes empty for none
   */
  void resize(VolumeId volume, OptionalLong toBytes) throws FailureException;

  /**
   * Says for the wish which peers hold a volume of this node's.
   *
   * @param volume found by its name where it was made since
   * @param policy empty takes away what a wish said before, and leaves what a user said
   */
  void replicate(VolumeReference volume, Optional<Policy> policy) throws FailureException;

  /**
   * Keeps a volume where it is while something begins to use it; its processes keep it from then
   * on.
   *
   * @param user for whoever wants it meanwhile, such as {@code start of web}
   * @return whose end lets it go
   * @throws FailureException {@code VOLUME_LOCKED} while somebody is at work who may take it away
   */
  VolumeLocks.Lease keep(VolumeId volume, String user) throws FailureException;

  /** Brings a peer what it lacks of a volume, while it is used here. */
  void push(VolumeId volume, NodeId to, Cancellation cancellation)
      throws FailureException, InterruptedException;

  /** Gives a volume to a peer; nothing cancels that once it is committed. */
  void handOff(VolumeId volume, NodeId to, Cancellation cancellation)
      throws FailureException, InterruptedException;
}
