package io.flocker.core.volume;

import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.UUID;

/**
 * What a peer says about a volume that it wants to bring.
 *
 * @param owner who may write it
 * @param epoch of the owner's record
 * @param operation that the peer is at
 * @param grants what the peer shows for how the owner came to own it
 */
public record Claim(
    VolumeId lineage,
    VolumeName name,
    NodeId owner,
    long epoch,
    UUID operation,
    GrantChain grants) {}
