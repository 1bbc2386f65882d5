package io.flocker.core.replicate.policy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.Map;
import java.util.Optional;

/** Where a node keeps its policies. Any thread may call; every method blocks on the disk. */
public interface PolicyStore {
  /** The policies of volumes that have one of their own. */
  Map<VolumeId, OwnPolicy> volumes() throws FailureException;

  /** The policies of volumes that have none, by namespace. */
  Map<String, Policy> namespaces() throws FailureException;

  /**
   * Writes down a volume's own policy, or that it has none; on disk when this returns.
   *
   * @throws FailureException {@code STATE_UNAVAILABLE}: then the one before still counts
   */
  void write(VolumeId volume, Optional<OwnPolicy> policy) throws FailureException;

  /** Writes down the policy of a namespace, or that it has none, in the same way. */
  void write(String namespace, Optional<Policy> policy) throws FailureException;
}
