package io.flocker.http.api;

import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.PolicySource;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Optional;

/**
 * What holds for the replication of a volume; see {@code replication.json}.
 *
 * @param source whose policy it is
 * @param policy empty where nobody said anything
 * @param copies how they stand, by peer
 */
public record ReplicationDocument(
    VolumeId volume,
    VolumeName name,
    PolicySource source,
    Optional<Policy> policy,
    List<CopyStatus> copies) {}
