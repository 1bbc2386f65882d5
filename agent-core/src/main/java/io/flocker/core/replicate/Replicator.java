package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.replicate.policy.Policy;
import java.util.Map;

/** Brings copies up to date. Every method blocks; any thread, but for event loops. */
public interface Replicator {
  /**
   * What is wanted of the volumes that this node owns now, and may so send, and of those with a
   * policy of their own that are not in the pool and that nobody has destroyed through it. ZFS is
   * asked only where nobody has asked it before.
   *
   * @throws FailureException while nobody can tell
   */
  Map<VolumeId, Wanted> wanted() throws FailureException;

  /**
   * Makes the peer hold what is here. A snapshot is taken only where something was written since
   * the last one.
   *
   * @param need is told of the snapshot that was taken
   * @param leave has {@code context} cancelled soon; does not wait
   * @param fanOut which other copies of the volume are brought up to date at the same time
   * @param context is told each step; {@link io.flocker.core.operation.Wait#SNAPSHOT} before a
   *     snapshot is taken
   * @return the newest snapshot that the peer is proven to have now
   */
  Arrival push(
      Copy copy,
      Policy policy,
      SnapshotNeed need,
      Runnable leave,
      FanOut fanOut,
      OperationContext context)
      throws Exception;

  /**
   * Compares what the peer has with what is here, file by file, of the newest snapshot that both
   * have. That they differ is a result.
   *
   * @throws FailureException why they could not be compared
   */
  Verified verify(Copy copy, OperationContext context) throws Exception;
}
