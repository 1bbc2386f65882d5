package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.UUID;

/**
 * What a peer says about a volume that it wants to bring.
 *
 * @param owner who may write it
 * @param epoch of the owner's record
 * @param operation that the peer is at
 */
public record Claim(VolumeId lineage, VolumeName name, NodeId owner, long epoch, UUID operation) {}
