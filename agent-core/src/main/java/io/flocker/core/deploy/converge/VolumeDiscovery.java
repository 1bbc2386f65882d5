package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.plan.KnownPeer;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import java.util.List;
import java.util.Map;

/** Finds out where volumes are. Every method blocks; any thread may call. */
public interface VolumeDiscovery {
  /**
   * Those of {@code named} that have a dataset here, replicas too; nobody else is asked.
   *
   * @throws FailureException while the pool does not answer
   */
  List<LocalVolume> here(NamedVolumes named) throws FailureException;

  /**
   * What is said of the replication of single volumes that this node owns; none while the pool,
   * which is asked where it was not yet, does not answer.
   */
  Map<VolumeId, OwnPolicy> policies();

  /** The peers as they are known, without asking any. */
  List<KnownPeer> peers();

  /**
   * Asks all peers at once which of {@code named} they own. Who does not answer in time is counted
   * as unreachable.
   */
  List<KnownPeer> ask(NamedVolumes named);
}
