package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.VolumeName;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks a peer whether it could own a volume: {@code POST /node/v1/volumes/{id}/prepare}.
 *
 * @param owner who asks, the owner now
 * @param epoch of the owner's record
 * @param usedBytes what the volume takes, for the peer's judgement of space
 * @param grants how the owner came to own it, signed; empty where it signs nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PrepareRequest(
    VolumeName name,
    NodeId owner,
    long epoch,
    UUID operation,
    long usedBytes,
    Optional<GrantDocument> grants) {}
